"""What is typed of the care of a person. Words go to sealed columns; the rest is counted."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.partnership import queries as directory
from danbe.protection.care_actions import (
    MOST_FCFA,
    MOST_UNITS,
    Given,
    Guardian,
    SafetyPlan,
    Seen,
)
from danbe.protection.models import Case, Service, Task
from danbe.protection.models.care import SCALES
from danbe.protection.vocabulary import (
    AssessmentKind,
    Closing,
    ContactRule,
    FieldGroup,
    Level,
    Schooling,
    ServiceStatus,
    TaskKind,
)

CHOOSE = ("", "---------")
MARKS = [
    ("", gettext_lazy("Not asked, or no answer")),
    ("1", gettext_lazy("1: very bad")),
    ("2", gettext_lazy("2: bad")),
    ("3", gettext_lazy("3: middling")),
    ("4", gettext_lazy("4: good")),
    ("5", gettext_lazy("5: very good")),
]
MOST_OFFERS = 100
SEALED = gettext_lazy("This text is sealed: opening it is recorded.")


def day_input() -> forms.DateInput:
    """A day, as the browser and as people write it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=day_input(),
    )


def words_field(
    label: Any, *, required: bool = False, hint: Any = SEALED, rows: int = 4
) -> forms.CharField:
    """Words to be sealed."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class OpenForm(forms.Form):
    """Which groups to open."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("What to open"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, groups: list[FieldGroup]) -> None:
        super().__init__(data)
        choices(self, "groups", [(group.value, group.label) for group in groups])


def choices(form: forms.Form, name: str, options: list[tuple[Any, Any]]) -> None:
    """Fill a pull-down that depends on the case."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = options


# --- Assessing -----------------------------------------------------------------------------


class AssessmentForm(forms.Form):
    """One assessment. Which questions are asked depends on its kind."""

    on = day_field(gettext_lazy("Day of the assessment"))
    level = forms.ChoiceField(
        label=gettext_lazy("How grave is the risk, retaliation included?"),
        choices=[CHOOSE, *Level.choices],
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Needs"),
        help_text=gettext_lazy("Those that the person says, first."),
        widget=forms.CheckboxSelectMultiple,
    )
    text = words_field(gettext_lazy("What was found"))

    HINTS = {
        AssessmentKind.RISK: gettext_lazy(
            "Who or what threatens the person and their family: those who exploited them, the "
            "community, reprisals after a complaint, harm to oneself. This text is sealed."
        ),
        AssessmentKind.BEST_INTEREST: gettext_lazy(
            "What the child says and wishes, ties with the family, safety, care, school. "
            "This text is sealed."
        ),
        AssessmentKind.BEST_INTEREST_DETERMINATION: gettext_lazy(
            "What was decided, by whom, which other solutions were weighed, and why. "
            "This text is sealed."
        ),
    }

    def __init__(self, data: Any, kind: AssessmentKind) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
        choices(self, "needs", list(directory.service_types()))
        if kind != AssessmentKind.RISK:
            del self.fields["level"]
        if kind not in (AssessmentKind.RISK, AssessmentKind.NEEDS):
            del self.fields["needs"]
            self.fields["text"].required = True
        elif kind == AssessmentKind.RISK:
            self.fields["needs"].required = False
        self.fields["text"].help_text = self.HINTS.get(kind, SEALED)


class SafetyForm(forms.Form):
    """How the person may be reached, and the plan."""

    rule = forms.ChoiceField(
        label=gettext_lazy("How may the person be reached?"),
        choices=ContactRule.choices,
        widget=forms.RadioSelect,
    )
    contact = words_field(
        gettext_lazy("Safe contact"),
        hint=gettext_lazy(
            "Hours, number, agreed word, trusted person; what may be said, and what never. It "
            "replaces what was written before. This text is sealed."
        ),
    )
    dangers = words_field(gettext_lazy("Dangers"), rows=3)
    signs = words_field(
        gettext_lazy("Signs that danger comes nearer"), hint=gettext_lazy("Sealed."), rows=2
    )
    steps = words_field(
        gettext_lazy("What to do then, where to go"), hint=gettext_lazy("Sealed."), rows=3
    )
    helpers = words_field(
        gettext_lazy("Who helps, whom to warn"), hint=gettext_lazy("Sealed."), rows=2
    )

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, initial={"rule": case.contact_rule})

    def plan(self) -> SafetyPlan | None:
        """The plan that was typed; ``None`` leaves the former one as it is."""
        told = {name: self.cleaned_data[name].strip() for name in SafetyPlan.__slots__}
        return SafetyPlan(**told) if any(told.values()) else None


# --- The plan ------------------------------------------------------------------------------


class GoalForm(forms.Form):
    """What the person wants to reach."""

    domain = forms.ChoiceField(label=gettext_lazy("About"))
    text = words_field(gettext_lazy("The goal, in the person’s own words"), required=True, rows=3)
    due_on = day_field(gettext_lazy("By when"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices(self, "domain", [CHOOSE, *directory.service_types()])


class ServiceForm(forms.Form):
    """One service of one type."""

    status = forms.ChoiceField(
        label=gettext_lazy("Where it stands"), choices=ServiceStatus.choices
    )
    offer = forms.ChoiceField(
        label=gettext_lazy("Service of the directory"),
        help_text=gettext_lazy("Nearest first. Leave empty when it is not in the directory."),
        required=False,
    )
    provider = forms.ModelChoiceField(
        label=gettext_lazy("Given by"),
        help_text=gettext_lazy("When no service of the directory was chosen."),
        queryset=Organisation.objects.none(),
        required=False,
    )
    goal = forms.ChoiceField(label=gettext_lazy("For which goal"), required=False)
    start = day_field(gettext_lazy("From"), required=False)
    end = day_field(gettext_lazy("To"), required=False)
    n_units = forms.IntegerField(
        label=gettext_lazy("How many (nights, sessions, visits)"),
        required=False,
        min_value=0,
        max_value=MOST_UNITS,
    )
    cost_fcfa = forms.IntegerField(
        label=gettext_lazy("Cost in FCFA"), required=False, min_value=0, max_value=MOST_FCFA
    )
    in_kind = forms.CharField(
        label=gettext_lazy("In kind"),
        help_text=gettext_lazy("A thing and a quantity: «1 kit of hygiene». Never a name."),
        required=False,
        max_length=120,
    )
    funder = forms.ModelChoiceField(
        label=gettext_lazy("Paid by"), queryset=Organisation.objects.none(), required=False
    )
    note = words_field(gettext_lazy("Note"), rows=3)

    def __init__(
        self, data: Any, actor: Actor, case: Case, type_: str, row: Service | None = None
    ) -> None:
        super().__init__(data, initial=_of_service(row, actor))
        self.type = type_
        bodies = Organisation.objects.filter(is_active=True).order_by("label_fr")
        for name in ("provider", "funder"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = bodies
        near = case.region_id or ""
        self.offers = directory.offers(actor, need=type_, near=near)[:MOST_OFFERS]
        offered = [(str(line.pk), f"{line.organisation}, {line.place}") for line in self.offers]
        if row and row.offer_id and str(row.offer_id) not in dict(offered):
            offered.append((str(row.offer_id), str(row.provider.label if row.provider else "")))
        choices(self, "offer", [("", _("Not in the directory")), *offered])
        self.goals = {str(goal.pk): goal for goal in case.goals.all()}
        named = dict(directory.service_types())
        goals = [
            (pk, f"{named.get(goal.domain, goal.domain)} ({goal.get_status_display()})")
            for pk, goal in self.goals.items()
        ]
        choices(self, "goal", [CHOOSE, *goals])

    def given(self, actor: Actor) -> Given:
        """What was typed."""
        told = self.cleaned_data
        offer = (
            directory.readable(actor)
            .filter(pk__in=[told["offer"]] if told["offer"] else [])
            .first()
        )
        return Given(
            type=self.type,
            status=ServiceStatus(told["status"]),
            start=told["start"],
            end=told["end"],
            offer=offer,
            provider=told["provider"],
            goal=self.goals.get(told["goal"]),
            n_units=told["n_units"],
            cost_fcfa=told["cost_fcfa"],
            in_kind=told["in_kind"],
            funder=told["funder"],
            note=told["note"],
        )


def _of_service(row: Service | None, actor: Actor) -> dict[str, Any]:
    if row is None:
        return {
            "status": ServiceStatus.GIVEN,
            "start": timezone.localdate(),
            "provider": actor.organisation_id,
        }
    same = ("status", "start", "end", "n_units", "cost_fcfa", "in_kind")
    told = {name: getattr(row, name) for name in same}
    told |= {"offer": str(row.offer_id or ""), "goal": str(row.goal_id or "")}
    return told | {"provider": row.provider_id, "funder": row.funder_id}


# --- Dates ---------------------------------------------------------------------------------


class TaskForm(forms.Form):
    """Something to do by a day."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=TaskKind.choices)
    due_on = day_field(gettext_lazy("Day"))
    at = forms.TimeField(
        label=gettext_lazy("Hour"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    text = words_field(gettext_lazy("What exactly, and where"), rows=3)


class MoveTaskForm(forms.Form):
    """Another day."""

    due_on = day_field(gettext_lazy("New day"))
    at = forms.TimeField(
        label=gettext_lazy("Hour"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, data: Any, task: Task) -> None:
        super().__init__(data, initial={"due_on": task.due_on, "at": task.at})


class FollowUpForm(forms.Form):
    """One follow-up. The person answers what they want."""

    task = forms.ChoiceField(label=gettext_lazy("Which follow-up"), required=False)
    on = day_field(gettext_lazy("Day"))
    reached = forms.ChoiceField(
        label=gettext_lazy("Was the person reached?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, nobody was reached"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    housing = forms.ChoiceField(label=gettext_lazy("Housing"), choices=MARKS, required=False)
    income = forms.ChoiceField(
        label=gettext_lazy("Work and income"), choices=MARKS, required=False
    )
    safety = forms.ChoiceField(label=gettext_lazy("Safety"), choices=MARKS, required=False)
    health = forms.ChoiceField(
        label=gettext_lazy("Health, body and mind"), choices=MARKS, required=False
    )
    family = forms.ChoiceField(
        label=gettext_lazy("Family and neighbours"), choices=MARKS, required=False
    )
    words = words_field(gettext_lazy("What the person says"))

    def __init__(self, data: Any, tasks: list[Task], chosen: str = "") -> None:
        first = chosen or (str(tasks[0].pk) if tasks else "")
        super().__init__(data, initial={"on": timezone.localdate(), "task": first})
        self.tasks = {str(task.pk): task for task in tasks}
        planned = [(pk, task_label(task)) for pk, task in self.tasks.items()]
        choices(self, "task", [*planned, ("", _("Another visit, not planned"))])

    def seen(self) -> Seen:
        """The scales."""
        told = {scale: self.cleaned_data[scale] for scale in SCALES}
        return Seen(**{scale: int(mark) if mark else None for scale, mark in told.items()})

    def task_chosen(self) -> Task | None:
        """The follow-up that it settles."""
        return self.tasks.get(self.cleaned_data["task"])


def task_label(task: Task) -> str:
    """A milestone, or what it is, with its day."""
    day = task.due_on.strftime("%d/%m/%Y")
    if task.month:
        return _("After %(n)d months, due on %(day)s") % {"n": task.month, "day": day}
    return _("%(kind)s, due on %(day)s") % {"kind": task.get_kind_display(), "day": day}


class DayForm(forms.Form):
    """A day alone."""

    on = day_field(gettext_lazy("Day"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})


# --- The person’s word, children -------------------------------------------------------------


class FeedbackForm(forms.Form):
    """What the person says of the help."""

    on = day_field(gettext_lazy("Day"))
    mark = forms.ChoiceField(
        label=gettext_lazy("How does the person find the help received?"),
        choices=MARKS,
        required=False,
    )
    is_complaint = forms.BooleanField(
        label=gettext_lazy("It is a complaint"),
        help_text=gettext_lazy(
            "It goes to a supervisor, never to the post it is about. Help goes on all the same."
        ),
        required=False,
    )
    words = words_field(gettext_lazy("In the person’s own words"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})

    def clean_mark(self) -> int | None:
        """As a number."""
        mark: str = self.cleaned_data["mark"]
        return int(mark) if mark else None


class GuardianForm(forms.Form):
    """Who answers for the child."""

    nobody = forms.BooleanField(
        label=gettext_lazy("Nobody yet: a guardian must be found"), required=False
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Sealed."),
        required=False,
        max_length=200,
    )
    link = forms.CharField(
        label=gettext_lazy("Tie with the child"),
        help_text=gettext_lazy("Mother, uncle, appointed by a judge… Sealed."),
        required=False,
        max_length=200,
    )
    contact = words_field(gettext_lazy("How to reach them safely"), rows=2)
    authority = forms.CharField(
        label=gettext_lazy("Who appointed them, on what day"),
        help_text=gettext_lazy("Sealed."),
        required=False,
        max_length=200,
    )

    def guardian(self) -> Guardian | None:
        """Who it is; ``None``: nobody."""
        if self.cleaned_data["nobody"]:
            return None
        return Guardian(**{name: self.cleaned_data[name] for name in Guardian.__slots__})


class SchoolingForm(forms.Form):
    """Where the child stands with school."""

    schooling = forms.ChoiceField(
        label=gettext_lazy("School"), choices=[CHOOSE, *Schooling.choices]
    )
    note = words_field(gettext_lazy("Note"), rows=3)

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, initial={"schooling": case.schooling})


# --- The case as a whole ---------------------------------------------------------------------


class ClosingForm(forms.Form):
    """Why the case is closed."""

    closing = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=Closing.choices, widget=forms.RadioSelect
    )
    on = day_field(gettext_lazy("Day"))
    reason = words_field(gettext_lazy("In words"), required=True)

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})


class ReasonForm(forms.Form):
    """Why, in words."""

    reason = words_field(gettext_lazy("Why"), required=True)


class AnswerForm(forms.Form):
    """What was done about a complaint."""

    words = words_field(gettext_lazy("What was done, what the person was told"), required=True)
