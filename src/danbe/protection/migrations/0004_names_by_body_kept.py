
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_alter_post_role'),
        ('protection', '0003_names_by_body'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='namekey',
            options={'default_manager_name': 'unscoped'},
        ),
        migrations.AlterModelManagers(
            name='namekey',
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='namekey',
            name='namekey_person',
        ),
        migrations.AlterField(
            model_name='namekey',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddIndex(
            model_name='namekey',
            index=models.Index(fields=['key', 'organisation', 'person'], name='namekey_by_body'),
        ),
    ]
