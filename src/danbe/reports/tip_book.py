"""Where a dossier writes its statements down: each with its number, unit, dates and source."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from danbe.figures.models import Definition, PublishedFigure
from danbe.plan.models import Activity
from danbe.reports.document import Cell, Figure, Row, Source, Table
from danbe.reports.history import ADDRESS, Publications
from danbe.reports.ledger import Ledger, in_order
from danbe.reports.models import RecommendationAnswer
from danbe.reports.tip_evidence import Done, Evidence, Outside, dates_of, days_of, kinds_of
from danbe.reports.tongue import language, say
from danbe.reports.wording import colon
from danbekit.dates import Window, format_date

Statement = tuple[Row, tuple[str, ...]]  # the row, and the sources behind it


def dated(window: Window) -> str:
    """A window as the report says it."""
    return window.label(language())


def day(one: object) -> str:
    """A day as the report says it."""
    return format_date(one, language())  # type: ignore[arg-type]


def kinds(definition: Definition) -> str:
    """The kinds of concrete action of 22 USC 7102(5) that a figure is."""
    return ", ".join(kinds_of(definition)) or "—"


@dataclass(slots=True)
class Book:
    """One dossier in the making."""

    evidence: Evidence
    ledger: Ledger
    publications: Publications = field(default_factory=Publications)
    returns: dict[str, Source] = field(default_factory=dict)  # by body
    own: dict[str, Source] = field(default_factory=dict)  # what Danbe itself holds, D1, D2...

    @property
    def window(self) -> Window:
        """The period."""
        return self.evidence.window

    # --- Sources ------------------------------------------------------------------------------

    def cited(self) -> list[Source]:
        """Every source, in order: returns, Danbe, publications."""
        return [*self.returns.values(), *self.own.values(), *self.publications.sources.values()]

    def held(self, key: str, title: str, detail: str = "", dates: str = "") -> str:
        """The id of something that Danbe itself holds."""
        if key not in self.own:
            found = tuple(ADDRESS.findall(detail))
            said = ADDRESS.sub("", detail).strip(" ;,.") if found else detail
            name = f"D{len(self.own) + 1}"
            self.own[key] = Source(name, "held", title, said, dates, found)
        return self.own[key].id

    def register_source(self) -> str:
        """The register of protection, counted over the period itself."""
        return self.held(
            "register",
            say("Registre de protection de Danbe", "Danbe’s register of protection"),
            say(
                "êtres humains comptés une fois, sans identité ; aucun nombre inférieur à 5 n’est "
                "imprimé",
                "human beings counted once, without identity; no number below 5 is printed",
            ),
            dated(self.window),
        )

    # --- Statements inside the period -----------------------------------------------------------

    def statements(self, criterion: str) -> list[Statement]:
        """Every concrete action of the period on one criterion."""
        found = [s for d in self.evidence.of(criterion) for s in self.figures_of(d)]
        found += [self.done(d) for d in self.evidence.done if criterion in d.criteria]
        if criterion == "C10":
            found += [self.assessment(r.year, r.frozen_at) for r in self.evidence.reports]
        return found

    def figures_of(self, definition: Definition) -> list[Statement]:
        """A figure: from accepted returns, from the register, as published. Never added up."""
        found = []
        measure = self.evidence.measures[definition.code]
        if measure.value is not None:
            figure = self.ledger.whole(measure)
            origin = say("déclarations acceptées", "accepted returns")
            found.append(self.statement(definition, figure, origin))
        value = self.evidence.register.get(definition.code)
        if value is not None:
            found.append(self.registered(definition, value))
        published = [p for p in self.evidence.published if p.definition_id == definition.code]
        found += [self.publication(definition, one) for one in published]
        return found

    def statement(self, definition: Definition, figure: Figure, origin: str) -> Statement:
        """One row: what, how many, of which unit, which kind of action, from where."""
        label = f"{definition.number} {figure.label}"
        if figure.note:
            label = f"{label} ({figure.note})"
        cells = (
            Cell(figure=figure.key),
            Cell(text=figure.unit),
            Cell(text=kinds(definition)),
            Cell(text=f"{origin}{colon()} {named(figure.sources)}"),
        )
        return Row(label, cells), figure.sources

    def registered(self, definition: Definition, value: int) -> Statement:
        """A figure counted in the register, in the period itself."""
        source = self.register_source()
        figure = self.number(f"register.{definition.code}@{self.window.code}", definition, value)
        figure = self.written(figure, (source,))
        origin = say("registre, à côté des déclarations", "register, beside the returns")
        return self.statement(definition, figure, origin)

    def publication(self, definition: Definition, one: PublishedFigure) -> Statement:
        """A figure that was published with dates inside the period."""
        figure, source = self.published_figure(definition, one)
        origin = say("chiffre publié", "published figure")
        if figure is not None:
            row, sources = self.statement(definition, figure, f"{origin} ({dates_of(one).code})")
            return Row(f"{row.label}. {warned(one)}", row.cells), sources
        cells = (
            Cell(text="—"),
            Cell(text=self.ledger.unit(definition)),
            Cell(text=kinds(definition)),
            Cell(text=f"{origin}{colon()} {source}"),
        )
        return Row(f"{definition.number} {definition.label}. {warned(one)}", cells), (source,)

    def done(self, one: Done) -> Statement:
        """An activity of the plan, done, with what proves it."""
        activity: Activity = one.report.activity
        source = self.done_source(one)
        who = (
            activity.lead.label if activity.lead else say("organisme non nommé", "body not named")
        )
        label = f"{activity.code} {activity.label} ({who})"
        cells = (
            Cell(text=say("terminée", "done")),
            Cell(text=say("activité du plan", "activity of the plan")),
            Cell(text="CA-F"),
            Cell(text=f"{say('plan d’action', 'action plan')}{colon()} {source}"),
        )
        return Row(label, cells), (source,)

    def done_source(self, one: Done) -> str:
        """The report on an activity, with its evidence as it was written."""
        plan = one.report.activity.plan
        title = say(
            f"Plan {plan.code}, activité {one.report.activity.code} déclarée terminée",
            f"Plan {plan.code}, activity {one.report.activity.code} reported done",
        )
        detail = f"{say('Preuve', 'Evidence')}{colon()} {one.report.evidence}"
        return self.held(f"report-{one.report.pk}", title, detail, day(one.day))

    def assessment(self, year: int, frozen_at: object) -> Statement:
        """An annual report that was frozen in the period."""
        title = say(f"Rapport annuel {year}, figé", f"Annual report {year}, frozen")
        source = self.held(f"annual-{year}", title, "", day(frozen_at))
        cells = (
            Cell(text=say("figé", "frozen")),
            Cell(text=say("rapport", "report")),
            Cell(text="—"),
            Cell(text=f"Danbe{colon()} {source}"),
        )
        return Row(title, cells), (source,)

    # --- What crosses the edge: listed, not counted ---------------------------------------------

    def outside(self, criterion: str) -> list[Statement]:
        """Figures whose dates do not match the period."""
        codes = {d.code for d in self.evidence.of(criterion)}
        found = [self.across(o) for o in self.evidence.outside if o.definition.code in codes]
        for one in self.evidence.published_across:
            if one.definition is not None and one.definition_id in codes:
                found.append(self.published_outside(one.definition, one, dates_of(one)))
        for one in self.evidence.undated:
            if one.definition is not None and one.definition_id in codes:
                found.append(self.published_outside(one.definition, one, None))
        return found

    def across(self, one: Outside) -> Statement:
        """A sum of accepted returns given for other dates."""
        sources = tuple(in_order(self.returns[b].id for b in one.bodies if b in self.returns))
        figure = self.number(f"{one.definition.code}@{one.window.code}", one.definition, one.value)
        figure = self.written(figure, sources, one.window, at_least=one.at_least)
        cells = (
            Cell(figure=figure.key),
            Cell(text=figure.unit),
            Cell(text=dated(one.window)),
            Cell(text=why_not(self.window, one.window)),
            Cell(text=f"{say('déclarations', 'returns')}{colon()} {named(sources)}"),
        )
        return Row(f"{one.definition.number} {figure.label}", cells), sources

    def published_outside(
        self, definition: Definition, one: PublishedFigure, dates: Window | None
    ) -> Statement:
        """A published figure given for other dates, or for none."""
        figure, source = self.published_figure(definition, one)
        number = Cell(figure=figure.key) if figure else Cell(text="—")
        reason = why_not(self.window, dates) if dates else say("Sans date.", "No date.")
        cells = (
            number,
            Cell(text=self.ledger.unit(definition)),
            Cell(text=dated(dates) if dates else one.year_label),
            Cell(text=f"{reason} {warned(one)}"),
            Cell(text=f"{say('publié', 'published')}{colon()} {source}"),
        )
        return Row(f"{definition.number} {definition.label}", cells), (source,)

    def published_figure(
        self, definition: Definition, one: PublishedFigure
    ) -> tuple[Figure | None, str]:
        """The published number in the ledger, where there is one, and its source."""
        source = self.publications.cite(one.reporter, one.source)
        if one.value is None:
            return None, source
        window = dates_of(one).code if one.start and one.end else ""
        said = say("publié", "published")
        figure = Figure(
            f"published.{one.definition_id}.{one.pk}@{window}",
            definition.code,
            f"{definition.label} ({said}{colon()} {one.reporter})",
            self.ledger.unit(definition),
            window,
            one.value,
            one.at_least,
            by="published",
            sources=(source,),
            note="",
        )
        self.ledger.write(figure)
        return figure, source

    # --- Figures --------------------------------------------------------------------------------

    def number(self, key: str, definition: Definition, value: int) -> Figure:
        """A figure of a definition, not written yet."""
        unit = self.ledger.unit(definition)
        label = definition.label
        return Figure(key, definition.code, label, unit, self.window.code, value)

    def written(
        self,
        figure: Figure,
        sources: tuple[str, ...],
        window: Window | None = None,
        *,
        at_least: bool = False,
    ) -> Figure:
        """The same with its sources and dates, in the ledger."""
        register = figure.key.startswith("register.")
        whole = Figure(
            figure.key,
            figure.definition,
            figure.label,
            figure.unit,
            (window or self.window).code,
            figure.value,
            at_least,
            by="register" if register else "",
            sources=sources,
        )
        self.ledger.write(whole)
        return whole

    # --- Tables ---------------------------------------------------------------------------------

    def counted_table(self, code: str, title: str, found: Sequence[Statement]) -> Table:
        """The concrete actions of the period."""
        columns = [
            say("Action", "Action"),
            say("Nombre", "Number"),
            say("Unité", "Unit"),
            say("Nature", "Kind"),
            say("Provenance", "Origin"),
        ]
        return self._table(code, title, columns, found)

    def outside_table(self, code: str, title: str, found: Sequence[Statement]) -> Table:
        """What is listed and not counted."""
        columns = [
            say("Chiffre", "Figure"),
            say("Nombre", "Number"),
            say("Unité", "Unit"),
            say("Sa période", "Its period"),
            say("Pourquoi il ne compte pas", "Why it does not count"),
            "Source",
        ]
        note = say(
            "Chaque chiffre garde sa période : il n’est ni partagé, ni compté.",
            "Each figure keeps its period: it is neither split nor counted.",
        )
        return self._table(code, title, columns, found, [note])

    def _table(
        self,
        code: str,
        title: str,
        columns: Sequence[str],
        found: Sequence[Statement],
        notes: Sequence[str] = (),
    ) -> Table:
        sources = in_order(s for _row, told in found for s in told)
        rows = [row for row, _told in found]
        return self.ledger.table(code, title, "", columns, rows, notes=notes, sources=sources)

    # --- Answers to recommendations -----------------------------------------------------------

    def answer_source(self, one: RecommendationAnswer) -> str:
        """The answer of a body, with its evidence as it was written."""
        title = say(
            f"Réponse de {one.organisation.label} à la recommandation {one.recommendation_id}",
            f"Answer of {one.organisation.label} to recommendation {one.recommendation_id}",
        )
        detail = f"{say('Preuve', 'Evidence')}{colon()} {one.evidence}"
        return self.held(f"answer-{one.pk}", title, detail, dated(days_of(one)))


def named(sources: Sequence[str]) -> str:
    """«S1, S2»; many are counted."""
    if len(sources) > 6:
        return say(f"{len(sources)} organisations", f"{len(sources)} bodies")
    return ", ".join(sources) or "—"


def warned(one: PublishedFigure) -> str:
    """What was printed, in quotation marks, and what to beware of."""
    text = one.raw_text if language() == "fr" else one.raw_text_en or one.raw_text
    quoted = f"«\u00a0{text}\u00a0»." if language() == "fr" else f"“{text}”."
    warning = one.unit_warning_fr if language() == "fr" else one.unit_warning_en
    return " ".join(filter(None, [quoted if text else "", warning]))


def why_not(window: Window, other: Window) -> str:
    """Why a figure given for ``other`` dates is not one of the period."""
    early, late = other.start < window.start, other.end > window.end
    if early and late:
        said = say("Déborde la période des deux côtés.", "Goes beyond the period on both sides.")
    elif early:
        said = say("Commence avant la période.", "Begins before the period.")
    else:
        said = say("Finit après la période.", "Ends after the period.")
    return said
