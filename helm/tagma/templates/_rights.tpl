{{/*
The rights of a role, (list ROOT ROLE), as files/rbac.yaml has them: cluster-wide, or, where watchNamespaces says so, in those namespaces
and beyond them only for what has no namespace.
*/}}
{{- define "tagma.rights" -}}
{{- $root := index . 0 -}}{{- $role := index . 1 -}}
{{- $name := printf "%s-%s" (include "tagma.fullname" $root) $role -}}
{{- $clusterName := printf "%s-%s" (include "tagma.clusterName" $root) $role -}}
{{- $watched := $root.Values.watchNamespaces -}}
{{- $everywhere := list -}}{{- $inNamespaces := list -}}{{- $home := list -}}
{{- range $text := splitList "\n---\n" ($root.Files.Get "files/rbac.yaml") -}}
{{- $object := fromYaml $text -}}
{{- if eq $object.metadata.name (printf "tagma-%s" $role) -}}
{{- if eq $object.kind "Role" -}}
{{- $home = $object.rules -}}
{{- else if eq $object.kind "ClusterRole" -}}
{{- range $rule := $object.rules -}}
{{- $global := false -}}
{{- range $rule.resources -}}{{- $global = or $global (has . (list "namespaces" "tokenreviews" "subjectaccessreviews")) -}}{{- end -}}
{{- if and $watched (not $global) -}}
{{- $inNamespaces = append $inNamespaces $rule -}}
{{- else -}}
{{- $everywhere = append $everywhere $rule -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  {{- include "tagma.clusterMetadata" (list $root $role $clusterName) | nindent 2 }}
rules: {{- toYaml $everywhere | nindent 0 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  {{- include "tagma.clusterMetadata" (list $root $role $clusterName) | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ $clusterName }}}
subjects: {{- include "tagma.subject" . | nindent 0 }}
{{- range $watched }}
{{ include "tagma.role" (list $root $role . $clusterName $inNamespaces) }}
{{- end }}
{{- if $home }}
{{ include "tagma.role" (list $root $role $root.Release.Namespace $name $home) }}
{{- end }}
{{- end -}}

{{- define "tagma.subject" -}}
- {kind: ServiceAccount, name: {{ include "tagma.serviceAccount" . }}, namespace: {{ (index . 0).Release.Namespace }}}
{{- end -}}

{{/* A Role and its binding: (list ROOT ROLE NAMESPACE NAME RULES). */}}
{{- define "tagma.role" -}}
{{- $root := index . 0 -}}{{- $role := index . 1 -}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  namespace: {{ index . 2 }}
  {{- include "tagma.clusterMetadata" (list $root $role (index . 3)) | nindent 2 }}
rules: {{- toYaml (index . 4) | nindent 0 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  namespace: {{ index . 2 }}
  {{- include "tagma.clusterMetadata" (list $root $role (index . 3)) | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ index . 3 }}}
subjects: {{- include "tagma.subject" . | nindent 0 }}
{{- end -}}
