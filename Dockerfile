# The portal as it runs in production. One image; docker-compose.yml says which process each container is.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=mash_portal.settings.production
WORKDIR /portal

# Pango and fonts draw the text of PDFs; scripts/install_pango.sh does the same on a developer's machine.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-liberation fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
# Where fontconfig may write: the rest of the container is read-only.
ENV XDG_CACHE_HOME=/tmp/cache

COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY manage.py ./
COPY mash_portal mash_portal
COPY referrals referrals
COPY thresholds thresholds
COPY templates templates
COPY static static
# Collecting needs no secret and no database: the settings of the checkout do.
RUN DJANGO_SETTINGS_MODULE=mash_portal.settings.local python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --no-create-home portal \
    && install --directory --owner portal --mode 700 /attachments
USER portal
EXPOSE 8000
