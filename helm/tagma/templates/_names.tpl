{{/* The release's name where it says what this is; else with "tagma" behind it. */}}
{{- define "tagma.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What cluster-wide objects are called: installations of a few namespaces may stand side by side. */}}
{{- define "tagma.clusterName" -}}
{{- $name := include "tagma.fullname" . -}}
{{- .Values.watchNamespaces | empty | ternary $name (printf "%s-%s" $name .Release.Namespace) -}}
{{- end -}}

{{/* What chooses the pods of a role: (list ROOT ROLE). Never changes, and name and component are what NetworkPolicies of pools choose by. */}}
{{- define "tagma.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: tagma
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of every object: (list ROOT ROLE). */}}
{{- define "tagma.labels" -}}
{{- $root := index . 0 -}}
{{ include "tagma.lastingLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Those that another version of the chart leaves as they are: pods that an upgrade need not replace have no others. */}}
{{- define "tagma.lastingLabels" -}}
{{- $root := index . 0 -}}
{{ include "tagma.selector" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: tagma
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Metadata of an object of this namespace: (list ROOT ROLE NAME [ANNOTATIONS]). */}}
{{- define "tagma.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 2 }}
namespace: {{ $root.Release.Namespace }}
{{ include "tagma.unnamed" . }}
{{- end -}}

{{/* The same of a cluster-wide object. */}}
{{- define "tagma.clusterMetadata" -}}
name: {{ index . 2 }}
{{ include "tagma.unnamed" . }}
{{- end -}}

{{- define "tagma.unnamed" -}}
{{- $root := index . 0 -}}
labels:
  {{- include "tagma.labels" (list $root (index . 1)) | nindent 2 }}
{{- $own := gt (len .) 3 | ternary (last .) dict }}
{{- with merge (deepCopy $own) $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tagma.serviceAccount" -}}
{{- $root := index . 0 -}}{{- $role := index . 1 -}}
{{- $account := (index $root.Values $role).serviceAccount -}}
{{- default (printf "%s-%s" (include "tagma.fullname" $root) $role) $account.name -}}
{{- end -}}

{{- define "tagma.image" -}}
{{- $image := .Values.image -}}
{{- $name := $image.registry | empty | ternary $image.repository (printf "%s/%s" $image.registry $image.repository) -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (toString (default .Chart.AppVersion $image.tag)) -}}
{{- end -}}
{{- end -}}

{{/* The gateway's host as pods of other namespaces call it. */}}
{{- define "tagma.gatewayHost" -}}
{{ include "tagma.fullname" . }}-gateway.{{ .Release.Namespace }}.svc
{{- end -}}

{{- define "tagma.tlsSecret" -}}
{{- if eq .Values.tls.mode "existingSecret" -}}
{{- required "tls.mode is existingSecret: name the Secret in tls.existingSecret" .Values.tls.existingSecret -}}
{{- else -}}
{{ include "tagma.fullname" . }}-gateway-tls
{{- end -}}
{{- end -}}

{{/* The key of that Secret with the authority's certificate; empty where the system's authorities vouch for it, or there is no TLS. */}}
{{- define "tagma.authorityKey" -}}
{{- if eq .Values.tls.mode "existingSecret" -}}
{{- .Values.tls.caKey -}}
{{- else if ne .Values.tls.mode "none" -}}
ca.crt
{{- end -}}
{{- end -}}

{{- define "tagma.postgres" -}}
{{ include "tagma.fullname" . }}-postgres
{{- end -}}

{{- define "tagma.databaseSecret" -}}
{{- if .Values.postgres.embedded.enabled -}}
{{- default (include "tagma.postgres" .) .Values.postgres.embedded.existingSecret -}}
{{- else -}}
{{- required "database.existingSecret is empty: name the Secret with the login of database.url, or set postgres.embedded.enabled=true to try Tagma out" .Values.database.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The namespace that `helm test` runs its mission in. */}}
{{- define "tagma.testNamespace" -}}
{{- default (.Values.watchNamespaces | empty | ternary .Release.Namespace (first .Values.watchNamespaces)) .Values.tests.namespace -}}
{{- end -}}
