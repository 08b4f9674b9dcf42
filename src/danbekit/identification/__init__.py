"""Identification of a person met: what they said, read by three published rules, with reasons.

* act, means and purpose, in three values (:mod:`~danbekit.identification.palermo`);
* the ILO operational indicators (:mod:`~danbekit.identification.ilo`), as help to read;
* the guided interview and the situations met in Mali (:mod:`~danbekit.identification.interview`).

:func:`assess` puts them together; :func:`offences_for` says which articles in force on a day
may apply. Nothing here decides: an absent answer never counts against a person, no result is
a refusal, and every line says which answers it rests on.

    >>> said = {"act_moved": "yes", "purpose_begging": "yes"}
    >>> assess(said, age_at_act=AgeRange.exactly(11)).result.value
    'grounds'
    >>> assess(said).result.value
    'undetermined'
"""

from danbekit.identification.assessment import (
    Assessment,
    ForcedLabourIndicator,
    FormReading,
    Need,
    Pathway,
    PathwayHint,
    PatternReading,
    as_dict,
    assess,
)
from danbekit.identification.ilo import IloReading, Population, ReadingCode
from danbekit.identification.interview import (
    EDITION,
    Pattern,
    Question,
    Reminder,
    Section,
    is_open,
    pattern,
    patterns,
    question,
    questions,
    questions_of,
    reminders,
    sections,
)
from danbekit.identification.offences import Offence, PossibleOffence, offences_for
from danbekit.identification.palermo import (
    AgeRange,
    Answer,
    Element,
    ElementOutcome,
    Result,
    State,
)
from danbekit.identification.reasons import Reason, dimension_label, indicator_label

__all__ = [
    "EDITION",
    "AgeRange",
    "Answer",
    "Assessment",
    "Element",
    "ElementOutcome",
    "ForcedLabourIndicator",
    "FormReading",
    "IloReading",
    "Need",
    "Offence",
    "Pathway",
    "PathwayHint",
    "Pattern",
    "PatternReading",
    "Population",
    "PossibleOffence",
    "Question",
    "ReadingCode",
    "Reason",
    "Reminder",
    "Result",
    "Section",
    "State",
    "as_dict",
    "assess",
    "dimension_label",
    "indicator_label",
    "is_open",
    "offences_for",
    "pattern",
    "patterns",
    "question",
    "questions",
    "questions_of",
    "reminders",
    "sections",
]
