import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='event',
            options={'default_permissions': ()},
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('before', models.CharField(blank=True, max_length=64)),
                ('count', models.PositiveIntegerField(default=0)),
                ('events', models.PositiveBigIntegerField(default=0)),
                ('root', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('public_key', models.CharField(max_length=44)),
                ('digest', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=88)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('before',), name='seal_no_forks')],
            },
        ),
        migrations.CreateModel(
            name='SealedHead',
            fields=[
                ('pk', models.CompositePrimaryKey('address', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('address', models.CharField(db_collation='C', max_length=60)),
                ('seq', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('seal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='heads', to='ledger.seal')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Witnessed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=64)),
                ('witnessed_at', models.DateTimeField()),
                ('seal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='witnessed', to='ledger.seal')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('witness', 'seal'), name='witnessed_once')],
            },
        ),
    ]
