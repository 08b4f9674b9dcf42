"""The register of processing for the personal-data authority (law 2013-015).

Made from what Danbe holds: the tables and how many rows each has today, what each app declares of
them (``personal_data.py``), the table of rights, the table of retention, the agreements in force.
What nobody has said yet is shown as missing. A French document, whoever reads it.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.apps import apps
from django.utils import timezone, translation

from danbe.core.access import PUBLIC, ROLES, TWO_FACTOR_ROLES, Reach
from danbe.core.field_groups import SHAREABLE
from danbe.core.models import Setting
from danbe.core.processing import Processing, entries
from danbe.partnership.models import Agreement
from danbe.protection.models.grounds import OWN_GROUND
from danbe.protection.retention import rules
from danbe.protection.vocabulary import GroundKind
from danbe.reports.document import (
    Block,
    Cell,
    Document,
    Edition,
    Figure,
    Heading,
    Items,
    Parts,
    Row,
    Text,
    chapters_of,
)
from danbe.reports.ledger import lines
from danbe.reports.paper import Paper
from danbekit.dates import Window, format_date

MISSING = "non enregistré"
UNCONFIRMED = "à confirmer par un juriste"
REACHES = {
    Reach.POST: "son poste",
    Reach.ORGANISATION: "son organisme",
    Reach.REGION: "sa région",
    Reach.NATION: "tout le territoire",
}
# What the Committee says of itself: settings, empty until somebody fills them in.
ASKED = {
    "processing.controller": "Responsable du traitement",
    "processing.contact": "Contact pour les droits des personnes",
    "processing.act_number": "Acte de l’APDP : numéro",
    "processing.act_on": "Acte de l’APDP : date",
}


def answers() -> dict[str, str]:
    """What is recorded, by key; empty where nothing is."""
    found = dict(Setting.objects.filter(key__in=ASKED).values_list("key", "value"))
    return {key: found.get(key, "") for key in ASKED}


def build(today: datetime.date | None = None) -> Edition:
    """The register as things stand today."""
    with translation.override("fr"):
        return Edition(_Maker(today or timezone.localdate()).document())


@dataclass(slots=True)
class _Maker(Paper):
    @property
    def window(self) -> Window:
        """The day itself: rows are counted as they stand."""
        return Window(self.today, self.today)

    def document(self) -> Document:
        """Every chapter."""
        declared = entries()
        parts: Parts = {
            "responsable": ("Responsable et actes", self.controller),
            "traitements": ("Traitements", partial(self.processings, declared)),
            "destinataires": ("Destinataires", partial(self.recipients, declared)),
            "conservation": ("Durées de conservation", self.retention),
        }
        return self.bound(
            "processing",
            chapters_of(parts),
            year=self.today.year,
            window=self.window.code,
            title="Registre des traitements de données personnelles",
            subtitle=f"état au {format_date(self.today, 'fr')}",
            notice="Établi automatiquement d’après ce que Danbe contient. Les bases légales et "
            "les durées sont à confirmer par un juriste et par l’APDP.",
        )

    # --- Chapters -----------------------------------------------------------------------------

    def controller(self) -> list[Block]:
        """Who answers for it, and what the authority said."""
        told = answers()
        rows = [lines(label, told[key] or MISSING) for key, label in ASKED.items()]
        rows.append(lines("Loi", "Loi n° 2013-015 du 21 mai 2013"))
        found = Agreement.unscoped.filter(status="signed").order_by("start", "title")
        acts = [
            lines(one.title, _act(one), "en vigueur" if one.is_in_force(self.today) else "terminé")
            for one in found
        ]
        blocks: list[Block] = [self.table("responsable", "Responsable", ("", "Réponse"), rows)]
        columns = ("Accord", "Acte de l’APDP", "État")
        if acts:
            blocks.append(self.table("actes", "Accords de partage", columns, acts))
        else:
            blocks.append(Text("Aucun accord de partage n’est enregistré.", "note"))
        return blocks

    def processings(self, declared: list[Processing]) -> list[Block]:
        """One heading and two tables a processing."""
        return [block for entry in declared for block in self.processing(entry)]

    def processing(self, entry: Processing) -> Iterator[Block]:
        """What it is for, about whom, and the tables that hold it, counted."""
        yield Heading(entry.title)
        sealed = "oui, pour ce qui est dit scellé" if entry.is_sealed else "non"
        facts = [
            lines("Finalité", entry.purpose),
            lines("Personnes concernées", " ; ".join(entry.people)),
            lines("Données", " ; ".join(entry.data)),
            lines("Contenu scellé", sealed),
            lines("Base légale", f"{entry.basis} ({UNCONFIRMED})"),
            lines("Conservation", kept(entry)),
        ]
        yield self.table(f"{entry.code}_faits", entry.title, ("", "Déclaration"), facts)
        yield Items(entry.security)
        rows = [Row(name, (Cell(figure=self.count(name)),)) for name in entry.models]
        title = f"{entry.title} : tables"
        yield self.table(f"{entry.code}_tables", title, ("Table", "Lignes"), rows)

    def count(self, name: str) -> str:
        """How many rows a table has today; the key of the figure."""
        key = f"processing.{name}@{self.window.code}"
        n_rows = apps.get_model(name)._base_manager.count()
        label = f"Lignes de la table {name}"
        self.figures[key] = Figure(key, "", label, "lignes", self.window.code, n_rows)
        return key

    def recipients(self, declared: list[Processing]) -> list[Block]:
        """Who may read what: the table of rights, grounds, agreements in force."""
        rows = [
            Row(entry.title, (Cell(text="; ".join(readers(entry)) or "aucun poste"),))
            for entry in declared
        ]
        own = ", ".join(str(kind.label) for kind in OWN_GROUND)
        grounds = ", ".join(str(kind.label) for kind in GroundKind)
        groups = tuple(str(group.label) for group in SHAREABLE)
        factor = ", ".join(str(role.label) for role in ROLES if role in TWO_FACTOR_ROLES)
        flows = [
            lines(flow.sender.label, flow.recipient.label, _groups(flow.field_groups))
            for one in Agreement.unscoped.filter(status__in=("signed", "ended"))
            for flow in one.flows.select_related("sender", "recipient")
            if flow.is_open(self.today)
        ]
        title = "Postes qui peuvent lire, et jusqu’où"
        blocks: list[Block] = [
            self.table("postes", title, ("Traitement", "Postes"), rows),
            Text(f"Second facteur obligatoire : {factor}."),
            Heading("Vers un autre organisme"),
            Text(f"Fondements possibles : {grounds}. Sans accord : {own}."),
            Text("Catégories qui se partagent séparément :"),
            Items(groups),
        ]
        columns = ("De", "À", "Catégories")
        if flows:
            blocks.append(self.table("flux", "Flux ouverts par un accord", columns, flows))
        else:
            blocks.append(Text("Aucun accord n’ouvre de flux aujourd’hui.", "note"))
        return blocks

    def retention(self) -> list[Block]:
        """The table of retention, whole: it is a template until somebody validates it."""
        rows = [
            lines(rule.label_fr, f"{rule.months} mois", rule.basis_fr) for rule in rules().values()
        ]
        columns = ("Situation", "Durée", "Base")
        return [self.table("durees", "Durées du registre de protection", columns, rows)]


def kept(entry: Processing) -> str:
    """How long, in words: by rules of the table, else as declared."""
    known = rules()
    told = [f"{known[code].label_fr} : {known[code].months} mois" for code in entry.retention]
    return " ; ".join(told) or entry.kept or MISSING


def readers(entry: Processing) -> list[str]:
    """The posts whose role carries one of the verbs, with the widest reach."""
    found = []
    for role, verbs in ROLES.items():
        reaches = [verbs[verb] for verb in entry.verbs if verb in verbs and verb not in PUBLIC]
        if reaches:
            found.append(f"{role.label} ({REACHES[max(reaches)]})")
    return found


def _act(agreement: Agreement) -> str:
    told = [agreement.act_number] if agreement.act_number else []
    if agreement.act_on:
        told.append(format_date(agreement.act_on, "fr"))
    return ", ".join(told) or MISSING


def _groups(groups: Iterable[object]) -> str:
    return " ; ".join(str(getattr(group, "label", group)) for group in groups)
