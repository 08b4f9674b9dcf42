"""What the foundations hold of persons: the trail of acts."""

from danbe.core.processing import Declared, Processing

DECLARED = Declared(
    entries=(
        Processing(
            code="journal",
            title="Journal des actes",
            purpose="Savoir qui a fait quel acte, sur quelle ligne et quand ; prouver un abus.",
            people=("Agents qui utilisent Danbe",),
            data=("identifiant de l’agent et de son poste", "acte, ligne concernée, heure"),
            models=("core.AuditEvent",),
            verbs=("audit.read",),
            basis="Sécurité du traitement ; loi n° 2013-015 du 21 mai 2013",
            kept="Sans limite : le journal est en ajout seul, et ne contient aucune valeur.",
            security=(
                "ajout seul (déclencheurs de la base), chaîne d’empreintes à clé",
                "vérifiable par une commande, tête cosignable par un second organisme",
            ),
        ),
    ),
    none={
        "core.PlaceName": "noms de lieux",
        "auth.Permission": "bibliothèque ; table vide de personnes",
        "auth.Group": "bibliothèque ; table vide de personnes",
    },
)
