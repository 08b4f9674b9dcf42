"""The demonstration's plan: a fictitious one, filled, beside the three real ones left as known.

Every text says that it is fictitious. Its evaluation cites 2025 only, a year that the
demonstration invents: nothing is said of the real figures of 2024.
"""

import datetime
from dataclasses import replace

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.figures.models import Definition
from danbe.plan import actions, evaluation_actions
from danbe.plan.evaluation_actions import Named, Said
from danbe.plan.framework import (
    ActivityRow,
    ElementRow,
    Framework,
    IndicatorRow,
    MoneyRow,
    framework_of,
)
from danbe.plan.models import (
    Activity,
    Criterion,
    Evaluation,
    Finding,
    Indicator,
    Measure,
    Plan,
    State,
)

CODE = "2024-2028"
FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)
INVENTED = (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))


def _element(code: str, kind: str, label: str, english: str, **more: str) -> ElementRow:
    above = code.rpartition(".")[0]
    return ElementRow(
        code, kind, above, label_fr=f"{label} (fictif)", label_en=f"{english} (fictitious)", **more
    )


ELEMENTS = (
    _element("1", "axis", "Prévention", "Prevention", axis="prevention"),
    _element("1.1", "objective", "Les communautés connaissent le risque", "Communities know"),
    _element(
        "1.1.1",
        "result",
        "Chaque région a ses relais",
        "Every region has its relays",
        assumptions="Les relais restent en place d’une année à l’autre.",
        risks="Insécurité sur les routes.",
        verification="Listes de présence, rapports des relais.",
    ),
    _element("2", "axis", "Protection", "Protection", axis="protection"),
    _element("2.1", "objective", "Les victimes sont identifiées et aidées", "Victims are helped"),
    _element(
        "2.1.1",
        "result",
        "Les premiers contacts savent identifier",
        "First contacts can identify",
        assumptions="Les postes formés ne changent pas tous de titulaire.",
        risks="Rotation des agents.",
        verification="Registre de Danbe, déclarations acceptées.",
    ),
    _element(
        "2.1.2",
        "result",
        "Des places d’accueil dans chaque zone",
        "Places in every zone",
        assumptions="Les terrains sont attribués.",
        risks="Retard de crédits.",
        verification="Répertoire des services.",
    ),
    _element("3", "axis", "Poursuite", "Prosecution", axis="prosecution"),
    _element("3.1", "objective", "Les auteurs sont jugés", "Offenders are tried"),
    _element("3.1.1", "result", "La chaîne pénale est formée", "The penal chain is trained"),
    _element("4", "axis", "Partenariat", "Partnership", axis="partnership"),
    _element("4.1", "objective", "Le Comité coordonne", "The Committee coordinates"),
    _element("4.1.1", "result", "Les réunions se tiennent", "Meetings are held"),
)


def _activity(
    code: str, result: str, label: str, lead: str, span: tuple[str, str], **more: tuple[str, ...]
) -> ActivityRow:
    first, last = (datetime.date.fromisoformat(day) for day in span)
    row = ActivityRow(code, result, f"{label} (fictif)", lead=lead, start=first, end=last)
    return replace(row, **more)  # type: ignore[arg-type]  # tuples of codes


ALL = ("kayes-2023", "koulikoro-2023", "sikasso-2023", "segou-2023", "mopti-2023")
ACTIVITIES = (
    _activity("A1", "1.1.1", "Former des relais communautaires", "MPFEF",
              ("2024-03-01", "2025-12-31"), supporting=("ENDA",), places=ALL,
              audiences=("civil_society", "population")),
    _activity("A2", "1.1.1", "Émissions de radio en langues nationales", "CNCLCTPA",
              ("2024-06-01", "2028-12-31"), audiences=("population",), places=ALL[:3]),
    _activity("A3", "2.1.1", "Former les premiers contacts à l’identification", "CNCLCTPA",
              ("2024-02-01", "2026-06-30"), audiences=("state",), places=ALL[:2],
              supporting=("MPFEF", "OIM")),
    _activity("A4", "2.1.2", "Ouvrir un centre d’accueil de transit", "MPFEF",
              ("2025-01-01", "2027-03-31"), audiences=("victims",), places=("sikasso-2023",),
              supporting=("SINJIYA", "CARITAS")),
    _activity("A5", "2.1.2", "Équiper le centre existant", "MPFEF",
              ("2024-04-01", "2025-03-31"), audiences=("victims",), places=("kayes-2023",)),
    _activity("A6", "3.1.1", "Former magistrats et greffiers", "MJDH",
              ("2024-09-01", "2027-12-31"), audiences=("state",), supporting=("ONUDC",)),
    _activity("A7", "4.1.1", "Réunir le Comité chaque mois", "CNCLCTPA",
              ("2024-01-01", "2028-12-31"), audiences=("state", "civil_society")),
)  # fmt: skip
MONEY = (
    MoneyRow("A1", 2024, "unicef", 18_000_000, 18_000_000, 16_500_000),
    MoneyRow("A1", 2025, "unicef", 18_000_000, 9_000_000, 9_000_000),
    MoneyRow("A2", 2024, "state_budget", 6_000_000, 4_000_000, 4_000_000),
    MoneyRow("A2", 2025, "state_budget", 12_000_000, 4_000_000, 1_500_000),
    MoneyRow("A3", 2024, "oim", 25_000_000, 25_000_000, 22_000_000),
    MoneyRow("A3", 2025, "oim", 25_000_000, 20_000_000, 12_000_000),
    MoneyRow("A4", 2025, "state_budget", 60_000_000, 0, None),
    MoneyRow("A4", 2026, "not_found", 90_000_000),
    MoneyRow("A5", 2024, "oim", 8_000_000, 8_000_000, 8_000_000),
    MoneyRow("A6", 2025, "onudc", 15_000_000, 15_000_000, None),
    MoneyRow("A7", 2024, "state_budget", 5_000_000, 5_000_000, 5_000_000),
    MoneyRow("A7", 2025, "state_budget", 5_000_000, 5_000_000, 3_000_000),
)


def _indicator(code: str, of: str, label: str, **more: object) -> IndicatorRow:
    return replace(IndicatorRow(code, of, f"{label} (fictif)"), **more)  # type: ignore[arg-type]


INDICATORS = (
    _indicator("I1", "2.1", "Victimes identifiées", definition="victims_identified",
               targets=((2024, 500), (2025, 600), (2026, 700), (2028, 900))),
    _indicator("I2", "2.1", "Victimes assistées", definition="victims_assisted",
               targets=((2025, 500), (2026, 550))),
    _indicator("I3", "2.1.2", "Places d’accueil", definition="shelter_places",
               targets=((2025, 80), (2026, 120))),
    _indicator("I4", "A3", "Personnes formées", definition="persons_trained",
               targets=((2025, 300), (2026, 300))),
    _indicator("I5", "A1", "Relais en activité", keeper="MPFEF", unit="relais",
               baseline=0, baseline_year=2023,
               targets=((2024, 40), (2025, 80), (2026, 120), (2028, 200)),
               verification="Listes des relais"),
    _indicator("I6", "4.1.1", "Réunions tenues", keeper="CNCLCTPA", unit="réunion",
               targets=((2024, 12), (2025, 12), (2026, 12))),
)  # fmt: skip
FRAMEWORK = Framework(ELEMENTS, ACTIVITIES, MONEY, INDICATORS)
# Later the plan gained an activity and a target moved: what its second version is for.
LATER = _activity("A8", "4.1.1", "Tenir à jour un tableau de bord", "CNCLCTPA",
                  ("2026-01-01", "2028-12-31"), audiences=("state",))  # fmt: skip
LATER_MONEY = MoneyRow("A8", 2026, "state_budget", 4_000_000)


def build() -> str:
    """The plan in two versions, news of its activities, its mid-term evaluation."""
    plan = publish()
    n_reports = tell(plan)
    evaluate(plan)
    return f"{len(ACTIVITIES) + 1} activities, {n_reports} reports, 1 evaluation"


def _post(role: Role, code: str) -> Actor:
    return Post.objects.filter(role=role, organisation__code=code)[0].actor


def publish() -> Plan:
    """Two versions, by the acts of the secretariat."""
    esther = _post(Role.SECRETARIAT, "CNCLCTPA")
    first = actions.begin_plan(
        esther,
        code=CODE,
        label_fr=f"Plan d’action fictif {CODE} (démonstration)",
        label_en=f"Fictitious action plan {CODE} (demonstration)",
        start=FIRST,
        end=LAST,
        is_fictitious=True,
    )
    actions.save_framework(esther, first, FRAMEWORK)
    actions.publish_plan(esther, first)
    first.refresh_from_db()
    second = actions.begin_version(esther, first)
    told = framework_of(second)
    actions.save_framework(
        esther,
        second,
        replace(
            told,
            activities=(*told.activities, LATER),
            money=(*told.money, LATER_MONEY),
            indicators=tuple(_moved(row) for row in told.indicators),
        ),
    )
    return actions.publish_plan(esther, second)


def _moved(row: IndicatorRow) -> IndicatorRow:
    """The target of 2028 that the second version lowers."""
    if row.code != "I1":
        return row
    return replace(row, targets=tuple((y, 850 if y == 2028 else n) for y, n in row.targets))


def tell(plan: Plan) -> int:
    """What lead bodies said, reviewed or waiting; values of manual indicators."""
    esther = _post(Role.SECRETARIAT, "CNCLCTPA")
    posts = {code: _post(Role.FOCAL_POINT, code) for code in ("MPFEF", "CNCLCTPA")}
    activities = {a.code: a for a in Activity.unscoped.filter(plan=plan).select_related("lead")}
    said = (
        ("A1", State.UNDER_WAY, "62 relais formés dans trois régions (fictif)", ""),
        ("A2", State.UNDER_WAY, "Douze émissions diffusées (fictif)", ""),
        ("A3", State.UNDER_WAY, "Quatre sessions tenues (fictif)", ""),
        ("A5", State.UNDER_WAY, "Matériel commandé (fictif)", ""),
        ("A5", State.DONE, "Matériel livré et installé (fictif)", "Procès-verbal (fictif)"),
        ("A4", State.BLOCKED, "Le terrain est attribué, les crédits ne sont pas ouverts", ""),
        ("A7", State.UNDER_WAY, "Réunions mensuelles, neuf tenues en 2025 (fictif)", ""),
    )
    for code, state, words, evidence in said:
        news = actions.News(state, words, evidence)
        if state == State.BLOCKED:
            body = Organisation.objects.get(code="MJDH")
            news = replace(news, blocked_reason="Crédits non ouverts (fictif)", must_act=body)
        lead = activities[code].lead
        assert lead is not None  # written above
        activity = Activity.unscoped.get(pk=activities[code].pk)
        report = actions.report_activity(posts[lead.code], activity, news)
        actions.review_report(esther, report, accept=True)
    waits = actions.News(State.UNDER_WAY, "Quinze relais de plus à Mopti (fictif)")
    activity = Activity.unscoped.get(pk=activities["A1"].pk)
    actions.report_activity(posts["MPFEF"], activity, waits)
    values = (("I5", "MPFEF", 2024, 38), ("I5", "MPFEF", 2025, 62), ("I6", "CNCLCTPA", 2024, 11),
              ("I6", "CNCLCTPA", 2025, 9))  # fmt: skip
    for code, body_code, year, value in values:
        one = Indicator.unscoped.get(plan=plan, code=code)
        actions.tell_value(
            posts[body_code], one, year=year, value=value, evidence="Registre (fictif)"
        )
    return len(said) + 1


FINDINGS = (
    (Criterion.RELEVANCE, "Les activités visent les zones où des victimes sont identifiées.", ""),
    (
        Criterion.COHERENCE,
        "On ne sait pas si les projets des partenaires suivent le plan.",
        "Les partenaires n’ont pas dit quelles activités ils mènent hors du plan (fictif).",
    ),
    (Criterion.EFFECTIVENESS, "L’identification progresse, l’accueil ne suit pas.", ""),
    (Criterion.EFFICIENCY, "Les montants alloués en 2025 ne sont pas tous décaissés.", ""),
    (
        Criterion.IMPACT,
        "L’effet sur la traite elle-même n’est pas mesuré.",
        "Aucune enquête n’a été faite depuis le début du plan (fictif).",
    ),
    (Criterion.SUSTAINABILITY, "Peu d’activités sont terminées et une est bloquée.", ""),
)
LESSONS = (
    ("Ouvrir les crédits d’un centre avant d’annoncer sa date.",
     (Criterion.EFFICIENCY, Criterion.SUSTAINABILITY)),
    ("Prévoir des places d’accueil en même temps que l’identification.",
     (Criterion.EFFECTIVENESS,)),
    ("Demander aux partenaires leurs activités hors du plan.", (Criterion.COHERENCE,)),
)  # fmt: skip


def evaluate(plan: Plan) -> Evaluation:
    """The mid-term evaluation: written by Esther, reviewed by Garan, published."""
    esther, garan = _post(Role.SECRETARIAT, "CNCLCTPA"), _post(Role.ANALYST, "CNCLCTPA")
    one = evaluation_actions.begin_evaluation(
        esther,
        plan,
        moment="mid_term",
        label_fr="Évaluation à mi-parcours (fictif)",
        label_en="Mid-term evaluation (fictitious)",
        method="Évaluation fictive, faite pour la démonstration. Lecture des registres de Danbe "
        "et des comptes rendus d’activités ; aucune visite.",
    )
    made: dict[Criterion, Finding] = {}
    for criterion, words, missing in FINDINGS:
        said = Said(criterion, f"{words} (fictif)", not missing, missing)
        made[criterion] = evaluation_actions.write_finding(esther, one, said)
    for criterion, code in (
        (Criterion.RELEVANCE, "victims_identified"),
        (Criterion.EFFECTIVENESS, "victims_identified"),
        (Criterion.EFFECTIVENESS, "shelter_places"),
    ):
        named = Named(Measure.FIGURE, *INVENTED, definition=Definition.objects.get(code=code))
        evaluation_actions.cite_figure(esther, made[criterion], named)
    for criterion, measure in (
        (Criterion.EFFICIENCY, Measure.ALLOCATED),
        (Criterion.EFFICIENCY, Measure.DISBURSED),
        (Criterion.SUSTAINABILITY, Measure.ACTIVITIES),
        (Criterion.SUSTAINABILITY, Measure.DONE),
    ):
        evaluation_actions.cite_figure(esther, made[criterion], Named(measure, *INVENTED))
    for words, criteria in LESSONS:
        evaluation_actions.write_lesson(
            esther, one, text=f"{words} (fictif)", findings=[made[c] for c in criteria]
        )
    evaluation_actions.send_evaluation(esther, one)
    evaluation_actions.review_evaluation(garan, one, accept=True)
    return evaluation_actions.publish_evaluation(esther, one)
