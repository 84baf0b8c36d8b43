# One image for every role: `docker run caseload:local worker`.
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/caseload caseload

WORKDIR /srv/caseload
COPY constraints.txt ./
RUN pip install --no-cache-dir --no-deps --prefer-binary -r constraints.txt

COPY . .
ENV PYTHONPATH=/srv/caseload PYTHONUNBUFFERED=1 CASELOAD_DATA=/var/lib/caseload
USER caseload
VOLUME /var/lib/caseload
EXPOSE 8000 8001
ENTRYPOINT ["python", "-P", "-m", "cli"]
CMD ["--help"]
