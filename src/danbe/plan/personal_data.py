"""What the plan holds of persons: who took part in drafting it."""

from danbe.core.processing import Declared, Processing

DECLARED = Declared(
    entries=(
        Processing(
            code="participation",
            title="Participation à l’élaboration du plan",
            purpose="Associer chacun au plan, répondre à chaque contribution, valider.",
            people=("Participants : agents, associations, personnes ressources, survivants",),
            data=(
                "nom ou pseudonyme, catégorie",
                "contributions et réponses, scellées jusqu’à leur publication",
                "votes, réserves et signatures",
            ),
            models=(
                "plan.Participant",
                "plan.Ballot",
                "plan.Reservation",
                "plan.Signature",
                "plan.Room",
                "plan.Contribution",
                "plan.ContributionAnswer",
                "plan.ContributionGroup",
                "plan.Knock",
            ),
            verbs=("plan.read",),
            basis="Participation ; loi n° 2013-015 du 21 mai 2013",
            kept="Durée du plan et de son évaluation : durée à fixer.",
            security=("droits par poste, journal des actes",),
        ),
    ),
)
