"""A name may have 80 characters; the key by which it is sorted needs up to 401."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communes", "0006_shown_links")]

    operations = [
        migrations.AlterField(
            model_name="unitversion",
            name="sort_key",
            field=models.CharField(help_text="Thứ tự chữ cái tiếng Việt", max_length=401),
        ),
    ]
