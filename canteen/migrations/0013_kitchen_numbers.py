"""The canteen's own seats and silent minutes, since when a camera is in use, deliveries without a contract, CP-08."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def since_first_heard(apps, editor):
    """Of cameras that are there already nobody wrote down when they were set: they count from when they were last heard of."""
    apps.get_model("canteen", "Camera").objects.filter(set_at=None).update(set_at=F("seen_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('canteen', '0012_books_from_deliveries'),
        ('cases', '0007_moment_a_case_names'),
    ]

    operations = [
        migrations.AddField('canteen', 'seats', models.PositiveSmallIntegerField(default=4, verbose_name='家长陪餐名额')),
        migrations.AddField('canteen', 'silent_minutes', models.PositiveSmallIntegerField(default=10, verbose_name='掉线分钟数')),
        migrations.AddConstraint('canteen', models.CheckConstraint(condition=models.Q(('silent_minutes__range', (2, 1440))), name='canteen_silent')),
        migrations.AddField('delivery', 'without_contract', models.BooleanField(default=False, verbose_name='没有在期的合同')),
        migrations.AddField('camera', 'set_at', models.DateTimeField(null=True, verbose_name='启用时间')),
        migrations.RunPython(since_first_heard, migrations.RunPython.noop),
        migrations.AlterField('camera', 'set_at', models.DateTimeField(verbose_name='启用时间')),
        migrations.CreateModel(
            name='Particulars',
            fields=[
                ('case_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='cases.case')),
                ('period', models.CharField(db_collation='C', max_length=24, verbose_name='期')),
            ],
            options={'default_permissions': ()},
            bases=('cases.case',),
        ),
    ]
