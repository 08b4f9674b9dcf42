"""What figures hold of persons: joined files that may name some, and counts under a number."""

from danbe.core.processing import Declared, Processing

DECLARED = Declared(
    entries=(
        Processing(
            code="statistiques",
            title="Statistiques et pièces jointes aux déclarations",
            purpose="Produire les chiffres du Comité sans identité.",
            people=(
                "Personnes comptées, sous un numéro sans signification",
                "Personnes qu’une pièce jointe pourrait nommer malgré la consigne",
            ),
            data=("faits du registre sans nom", "pièces jointes, scellées avec leur nom"),
            models=("figures.RegisterFact", "figures.Attachment"),
            verbs=("register.read", "attachment.open"),
            basis="Mission statistique du Comité ; loi n° 2013-015 du 21 mai 2013",
            is_sealed=True,
            kept="Comme le registre pour les faits ; durée à fixer pour les pièces jointes.",
            security=(
                "pièces scellées, jamais ouvertes par le serveur",
                "petites cellules masquées à qui n’est pas de l’organisme",
            ),
        ),
    ),
)
