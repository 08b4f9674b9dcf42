
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_alter_post_role'),
        ('core', '0002_audit_append_only'),
        ('figures', '0004_publishedfigure_raw_text_en'),
        ('protection', '0004_names_by_body_kept'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='registerfact',
            index=models.Index(fields=['definition', 'until', 'on', 'before', 'scope', 'region', 'sex', 'age', 'category'], name='fact_of_nation_until'),
        ),
    ]
