"""What accounts hold of persons: those who sign in."""

from danbe.core.processing import Declared, Processing

DECLARED = Declared(
    entries=(
        Processing(
            code="comptes",
            title="Comptes et postes",
            purpose="Ouvrir Danbe à la personne qui tient un poste, et à elle seule.",
            people=("Agents des organismes membres et partenaires",),
            data=(
                "nom, adresse électronique, langue",
                "mot de passe haché, second facteur",
                "postes tenus, de quand à quand ; messages du poste",
                "tentatives de connexion, sous forme hachée",
            ),
            models=(
                "accounts.User",
                "accounts.Holding",
                "accounts.Invitation",
                "accounts.Message",
                "account.EmailAddress",
                "account.EmailConfirmation",
                "mfa.Authenticator",
                "sessions.Session",
                "axes.AccessAttempt",
                "axes.AccessAttemptExpiration",
                "axes.AccessFailureLog",
                "axes.AccessLog",
            ),
            verbs=("post.read", "post.write"),
            basis="Fonctionnement du service ; loi n° 2013-015 du 21 mai 2013",
            kept="Tant que la personne tient un poste, puis pour l’histoire du poste : "
            "durée à fixer.",
            security=(
                "mots de passe hachés (Argon2id), second facteur pour les postes sensibles",
                "aucun droit n’est attaché à une personne : les postes les portent",
            ),
        ),
    ),
    none={"accounts.OrganisationName": "noms d’organismes"},
)
