{{/* The environment that operator and gateway share: (list ROOT ROLE). */}}
{{- define "tagma.environment" -}}
{{- $root := index . 0 -}}{{- $v := $root.Values -}}
- name: TAGMA_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: TAGMA_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: TAGMA_WATCH_NAMESPACES
  value: {{ $v.watchNamespaces | join "," | quote }}
- name: TAGMA_LOG_LEVEL
  value: {{ $v.logLevel }}
{{- if $v.postgres.embedded.enabled }}
- name: TAGMA_DATABASE_URL
  value: jdbc:postgresql://{{ include "tagma.postgres" $root }}.{{ $root.Release.Namespace }}.svc:5432/{{ $v.postgres.embedded.database }}
- name: TAGMA_DATABASE_USER
  value: {{ $v.postgres.embedded.user }}
{{- else }}
- name: TAGMA_DATABASE_URL
  value: {{ $v.database.url | quote }}
- name: TAGMA_DATABASE_USER
  valueFrom: {secretKeyRef: {name: {{ include "tagma.databaseSecret" $root }}, key: {{ $v.database.userKey }}}}
{{- if $v.database.directUrlKey }}
- name: TAGMA_DATABASE_DIRECT_URL
  valueFrom: {secretKeyRef: {name: {{ include "tagma.databaseSecret" $root }}, key: {{ $v.database.directUrlKey }}}}
{{- else if $v.database.directUrl }}
- name: TAGMA_DATABASE_DIRECT_URL
  value: {{ $v.database.directUrl | quote }}
{{- end }}
{{- end }}
- name: TAGMA_DATABASE_PASSWORD_FILE
  value: /etc/tagma/database/password
- name: TAGMA_DATABASE_CONNECTIONS
  value: {{ (index $v (index . 1)).connections | quote }}
{{- with $v.javaOptions }}
- name: JDK_JAVA_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* A probe of a role: (list PATH SETTINGS). */}}
{{- define "tagma.probe" -}}
httpGet: {path: {{ index . 0 }}, port: http}
{{- toYaml (index . 1) | nindent 0 }}
{{- end -}}

{{/*
The pods of operator and gateway: a dict of root, role, and what differs as text: environment, ports, volumes, mounts.
*/}}
{{- define "tagma.pod" -}}
{{- $root := .root -}}{{- $v := $root.Values -}}{{- $r := index $v .role -}}
metadata:
  labels:
    {{- include "tagma.labels" (list $root .role) | nindent 4 }}
    {{- with $r.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ .role }}
    {{- with merge (deepCopy $r.podAnnotations) $v.commonAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "tagma.serviceAccount" (list $root .role) }}
  automountServiceAccountToken: true
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $r.terminationGracePeriodSeconds }}
  {{- with $v.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with default $v.priorityClassName $r.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext: {{- toYaml $v.podSecurityContext | nindent 4 }}
  containers:
  - name: {{ .role }}
    image: {{ include "tagma.image" $root }}
    imagePullPolicy: {{ $v.image.pullPolicy }}
    args: [{{ .role }}]
    env:
    {{- include "tagma.environment" (list $root .role) | nindent 4 }}
    {{- .environment | nindent 4 }}
    {{- with $r.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with $r.extraEnvFrom }}
    envFrom: {{- toYaml . | nindent 4 }}
    {{- end }}
    ports:
    {{- .ports | nindent 4 }}
    startupProbe: {{- include "tagma.probe" (list "/q/health/live" $r.startupProbe) | nindent 6 }}
    livenessProbe: {{- include "tagma.probe" (list "/q/health/live" $r.livenessProbe) | nindent 6 }}
    readinessProbe: {{- include "tagma.probe" (list "/q/health/ready" $r.readinessProbe) | nindent 6 }}
    resources: {{- toYaml $r.resources | nindent 6 }}
    securityContext: {{- toYaml $v.containerSecurityContext | nindent 6 }}
    volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: database, mountPath: /etc/tagma/database, readOnly: true}
    {{- with .mounts }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with $r.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $r.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  volumes:
  - name: tmp
    emptyDir: {}
  - name: database
    secret:
      secretName: {{ include "tagma.databaseSecret" $root }}
      items: [{key: {{ $v.postgres.embedded.enabled | ternary "password" $v.database.passwordKey }}, path: password}]
  {{- with .volumes }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with $r.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with $r.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $r.tolerations }}
  tolerations: {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- include "tagma.affinity" . | nindent 2 }}
  {{- with $r.topologySpreadConstraints }}
  topologySpreadConstraints: {{- toYaml . | nindent 2 }}
  {{- else }}
  topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {{ include "tagma.selector" (list $root $.role) | fromYaml | toJson }}}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
  {{- end }}
{{- end -}}

{{/* The role's own affinity, else its podAntiAffinity knob. */}}
{{- define "tagma.affinity" -}}
{{- $r := index .root.Values .role -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" (include "tagma.selector" (list .root .role) | fromYaml)) -}}
{{- if $r.affinity -}}
affinity: {{- toYaml $r.affinity | nindent 2 }}
{{- else if eq $r.podAntiAffinity "required" -}}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
    - {{- toYaml $term | nindent 6 }}
{{- else if eq $r.podAntiAffinity "preferred" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm: {{- toYaml $term | nindent 8 }}
{{- end -}}
{{- end -}}

{{/* The Deployment around those pods. */}}
{{- define "tagma.deployment" -}}
{{- include "tagma.check" .root -}}
{{- $r := index .root.Values .role -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "tagma.metadata" (list .root .role (printf "%s-%s" (include "tagma.fullname" .root) .role) $r.annotations) | nindent 2 }}
spec:
  replicas: {{ $r.replicas }}
  revisionHistoryLimit: {{ $r.revisionHistoryLimit }}
  selector: {matchLabels: {{ include "tagma.selector" (list .root .role) | fromYaml | toJson }}}
  strategy: {{- toYaml $r.strategy | nindent 4 }}
  template:
    {{- include "tagma.pod" . | nindent 4 }}
{{- end -}}

{{- define "tagma.account" -}}
{{- $root := index . 0 -}}{{- $role := index . 1 -}}
{{- $account := (index $root.Values $role).serviceAccount -}}
{{- if $account.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "tagma.metadata" (list $root $role (include "tagma.serviceAccount" .) $account.annotations) | nindent 2 }}
{{- end -}}
{{- end -}}
