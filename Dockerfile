# The program of one office: web, worker, schedule and commands are the same image.
# Debian's release is named, so that PostgreSQL's programs and the image they move to fit together.

FROM postgres:18-trixie AS postgresql
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# pg_dump, pg_restore and psql as new as the server, with the libraries they load (not libc's own).
RUN mkdir -p /client/bin /client/lib \
    && cp /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore \
        /usr/lib/postgresql/18/bin/psql /client/bin/ \
    && ldd /client/bin/* | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u \
        | grep -vE '/(libc|libm|libdl|libpthread|librt|libresolv)\.so' \
        | xargs -I{} cp -L {} /client/lib/

FROM python:3.13-slim-trixie AS packages
COPY requirements.txt /build/
RUN python -m venv /opt/ntm \
    && /opt/ntm/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r /build/requirements.txt

FROM python:3.13-slim-trixie
ENV PATH=/opt/ntm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NTM_ENV=production \
    NTM_DATA_DIR=/data
RUN useradd --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin ntm \
    && install -d -o ntm -g ntm /data /backups
COPY --from=postgresql /client /opt/postgresql
# A wrapper each, so that these libraries serve these programs and nothing else.
RUN for name in pg_dump pg_restore psql; do \
        printf '#!/bin/sh\nLD_LIBRARY_PATH=/opt/postgresql/lib exec /opt/postgresql/bin/%s "$@"\n' \
            "$name" > "/usr/local/bin/$name" \
        && chmod 755 "/usr/local/bin/$name" && "$name" --version || exit 1; \
    done
COPY --from=packages /opt/ntm /opt/ntm
WORKDIR /app
COPY . .
# Settings refuse to start without these; nothing of them stays in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 ALLOWED_HOSTS=build \
    python manage.py collectstatic --noinput \
    && python -m compileall -q /app /opt/ntm
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "ntm_site.probe"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", \
     "ntm_site.wsgi:application"]
