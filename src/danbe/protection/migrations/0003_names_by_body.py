from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    """Each key is of the body of its person."""
    persons = apps.get_model("protection", "Person")._default_manager
    of_person = persons.filter(pk=models.OuterRef("person_id")).order_by()
    keys = apps.get_model("protection", "NameKey")._default_manager
    keys.update(organisation_id=models.Subquery(of_person.values("organisation_id")))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_alter_post_role'),
        ('protection', '0002_lists_of_a_million'),
    ]

    operations = [
        migrations.AddField(
            model_name='namekey',
            name='organisation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
