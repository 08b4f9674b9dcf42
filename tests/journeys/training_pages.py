"""The pages of trainings, trainers, contacts and partners."""

from tests.journeys.page import seen

PREPARE = """
from tests.partnership import training_makers as trainings_
from danbe.partnership import training_actions

ahead = timezone.localdate() + datetime.timedelta(days=30)
listed = trainings_.trainer(fanta.actor)
coming = trainings_.planned(
    fanta.actor, start=ahead, end=ahead,
    others=training_actions.With(funders=[issa.organisation], trainers=[listed]),
)
trainings_.planned(esther.actor, "UNICEF", start=ahead, end=ahead)
over = trainings_.held(fanta.actor, ("MJDH", "female", 7), ("MJDH", "male", 12), ("", "male", 3))
off = trainings_.planned(fanta.actor, start=ahead, end=ahead, audiences="teachers")
training_actions.cancel_training(fanta.actor, off, reason="Salle prise (fictif)")
desk = trainings_.contact(fanta.actor)
trainings_.contact(issa.actor, function="Bureau de Bamako (fictif)", email="oim@exemple.ml")
ids |= {
    "coming_training": str(coming.pk), "over_training": str(over.pk), "off": str(off.pk),
    "listed": str(listed.pk), "desk": str(desk.pk),
}
"""

PAGES = [
    seen("training_list", "issa", "/trainings/"),
    seen("training_list, the past", "fanta", "/trainings/?year=2024"),
    seen("training_new", "fanta", "/trainings/new/"),
    seen("training_detail", "fanta", "/trainings/{coming_training}/"),
    seen("training_detail, held", "fanta", "/trainings/{over_training}/"),
    seen("training_detail, cancelled", "fanta", "/trainings/{off}/"),
    seen("training_edit", "fanta", "/trainings/{coming_training}/edit/"),
    seen("training_count", "fanta", "/trainings/{over_training}/count/"),
    seen("training_cancel", "fanta", "/trainings/{coming_training}/cancel/"),
    seen("trainer_list", "fanta", "/trainers/"),
    seen("trainer_new", "esther", "/trainers/new/"),
    seen("trainer_edit", "fanta", "/trainers/{listed}/edit/"),
    seen("contact_list", "fanta", "/contacts/"),
    seen("contact_list, nothing found", "awa", "/contacts/?q=personne"),
    seen("contact_new", "issa", "/contacts/new/"),
    seen("contact_edit", "fanta", "/contacts/{desk}/edit/"),
    seen("portal", "issa", "/partners/"),
]
NOT_LOOKED_AT = {"training_calendar", "training_one_calendar", "training_xlsx", "contact_xlsx"}
