
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_alter_post_role'),
        ('core', '0002_audit_append_only'),
        ('partnership', '0004_agreements'),
        ('protection', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_day',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['opened_on', 'organisation', 'first_service_on', 'id', 'region', 'person'], name='case_quality'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['organisation', 'status', 'post', 'level', 'next_due_on', 'opened_on'], name='case_load'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['organisation', 'erased_at', 'status', 'sex', 'pathway', 'age_min', 'age_max', 'involvement', 'citizenship'], name='person_counted'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['case', 'status', 'type'], name='service_missing'),
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_by_due',
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_on__isnull', True)), fields=['due_on'], name='task_open'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['kind', 'due_on', 'is_cancelled', 'done_on'], name='task_kept'),
        ),
    ]
