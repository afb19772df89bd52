{{/* What the schema cannot say: values that contradict each other. */}}
{{- define "tagma.check" -}}
{{- $v := .Values -}}
{{- if and $v.postgres.embedded.enabled (or $v.database.url $v.database.existingSecret) -}}
{{- fail "postgres.embedded.enabled is true and database names another Postgres: keep one of the two" -}}
{{- end -}}
{{- if and (not $v.postgres.embedded.enabled) (not $v.database.url) -}}
{{- fail "database.url is empty: write it as jdbc:postgresql://HOST:PORT/NAME, or set postgres.embedded.enabled=true to try Tagma out" -}}
{{- end -}}
{{- if and (eq $v.tls.mode "certManager") (not $v.tls.certManager.issuerRef.name) -}}
{{- fail "tls.mode is certManager: name the issuer in tls.certManager.issuerRef.name" -}}
{{- end -}}
{{- if and $v.serviceMonitor.enabled $v.networkPolicy.enabled (not $v.networkPolicy.metricsFrom) -}}
{{- fail "serviceMonitor.enabled is true and no one may scrape: say where Prometheus is in networkPolicy.metricsFrom, such as [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]" -}}
{{- end -}}
{{- if and $v.gateway.podDisruptionBudget.minAvailable (ne (toString $v.gateway.podDisruptionBudget.maxUnavailable) "") -}}
{{- fail "gateway.podDisruptionBudget has both minAvailable and maxUnavailable: set one of them to an empty string" -}}
{{- end -}}
{{- if and $v.gateway.ingress.enabled (not $v.gateway.ingress.hosts) -}}
{{- fail "gateway.ingress.enabled is true: name its hosts in gateway.ingress.hosts" -}}
{{- end -}}
{{- if and $v.tests.namespace $v.watchNamespaces (not (has $v.tests.namespace $v.watchNamespaces)) -}}
{{- fail (printf "tests.namespace %s is none of watchNamespaces: nobody would run its mission" $v.tests.namespace) -}}
{{- end -}}
{{- end -}}
