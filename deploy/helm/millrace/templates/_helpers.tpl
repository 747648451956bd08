{{- define "millrace.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "millrace.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "millrace.labels" -}}
{{ include "millrace.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "millrace.image" -}}
{{ required "image.repository: name the image that you have built (docs/operate/image.md)" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* In a container, Millrace sees the memory of the machine: half of the limit is for sandboxes. MiB */}}
{{- define "millrace.memoryBudget" -}}
{{- $limit := .Values.resources.limits.memory -}}
{{- $mib := 0 -}}
{{- if hasSuffix "Gi" $limit }}{{ $mib = mul 1024 (trimSuffix "Gi" $limit | int) }}{{ else }}{{ $mib = trimSuffix "Mi" $limit | int }}{{ end -}}
{{- if lt (int $mib) 1024 }}{{ fail "resources.limits.memory: a node takes 1Gi at least" }}{{ end -}}
{{ div $mib 2 }}
{{- end }}

{{- define "millrace.check" -}}
{{- $_ := required "database.existingSecret: name the secret that has the address of PostgreSQL" .Values.database.existingSecret -}}
{{- $_ := required "masterKey.existingSecret: name the secret that has the master key" .Values.masterKey.existingSecret -}}
{{- if le (int .Values.terminationGracePeriodSeconds) (add (int .Values.drainSeconds) 15) -}}
{{- fail "terminationGracePeriodSeconds: runs in hand take time to end: at least drainSeconds and 16 more" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling.maxReplicas: it is less than minReplicas" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (empty .Values.ingress.hosts) -}}
{{- fail "ingress.hosts: name at least the host of publicUrl" -}}
{{- end -}}
{{- end }}
