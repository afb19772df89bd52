// What judges objects as GitOps tools do; built by src/build/kube.sh.
module dev.tagma/health

go 1.26

require (
	github.com/fluxcd/cli-utils v1.2.2
	github.com/yuin/gopher-lua v1.1.2
	k8s.io/apimachinery v0.36.2
	layeh.com/gopher-json v0.0.0-20190114024228-97fed8db8427
)
