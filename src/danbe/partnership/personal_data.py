"""What partnership holds of persons: places of refuge that could hurt whoever lives there."""

from danbe.core.processing import Declared, Processing

DECLARED = Declared(
    entries=(
        Processing(
            code="services",
            title="Répertoire des services et adresses protégées",
            purpose="Trouver un service pour une personne sans révéler où elle sera.",
            people=("Personnes hébergées, à travers l’adresse du lieu", "Contacts des services"),
            data=("adresse et téléphone des lieux protégés", "contact public des services"),
            models=(
                "partnership.ServiceOffer",
                "partnership.SafeAddress",
                "partnership.AddressGrant",
            ),
            verbs=("offer.open_address", "offer.grant_address"),
            basis="Protection des victimes ; loi n° 2013-015 du 21 mai 2013",
            is_sealed=True,
            kept="Tant que le service est offert : durée à fixer.",
            security=(
                "adresse scellée sous une clé propre à chaque service",
                "ouverture accordée par l’organisme, limitée dans le temps, au journal",
            ),
        ),
        Processing(
            code="formations",
            title="Formateurs, formations et contacts des organismes",
            purpose="Former ensemble, savoir à quel bureau s’adresser.",
            people=("Professionnels qui ont accepté de figurer comme formateurs",),
            data=(
                "nom, fonction, thèmes, téléphone et adresse du bureau, jour de l’accord",
                "bureaux des organismes : fonction, téléphone, adresse, sans nom de personne",
            ),
            models=(
                "partnership.Trainer",
                "partnership.Training",
                "partnership.Attendance",
                "partnership.Contact",
            ),
            verbs=("trainer.read", "trainer.write", "training.read", "contact.read"),
            basis="Accord de la personne inscrite ; loi n° 2013-015 du 21 mai 2013",
            kept="Jusqu’à ce que la personne retire son accord ; effacée alors.",
            security=("droits par poste, journal des actes",),
        ),
        Processing(
            code="reunions",
            title="Réunions du Comité",
            purpose="Convoquer, tenir le procès-verbal, suivre les décisions.",
            people=("Agents qui siègent, par leur poste ; personnes que nommerait un document",),
            data=(
                "présences par siège, sans nom de personne",
                "procès-verbaux, décisions et leurs suites",
                "documents joints et leurs noms : scellés",
            ),
            models=(
                "partnership.Seat",
                "partnership.Meeting",
                "partnership.MeetingAttendance",
                "partnership.Decision",
                "partnership.DecisionNote",
                "partnership.MeetingFile",
            ),
            verbs=("committee.read", "minutes.write", "meeting_file.open"),
            basis="Mission du Comité ; loi n° 2013-015 du 21 mai 2013",
            is_sealed=True,
            kept="Archive du Comité : durée à fixer.",
            security=("documents scellés (AES-256-GCM), une clé par document",),
        ),
    ),
)
