# The portal as it runs in production. One image; docker-compose.yml says which process each container is.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=mash_portal.settings.production
WORKDIR /portal

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
    && useradd --system --no-create-home portal
USER portal
EXPOSE 8000
