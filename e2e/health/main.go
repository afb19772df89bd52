// Judges objects as GitOps tools do. Reads objects as JSON, one after another, and writes a line of JSON for each: what kstatus says, by
// which Flux waits, and what Argo CD says with the health check whose file is the argument.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	luajson "layeh.com/gopher-json"
)

type verdict struct {
	Flux    string `json:"flux"`
	Argo    string `json:"argo"`
	Message string `json:"message"`
}

type health struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

// What a health check of Argo CD may use, unless it is allowed more.
var libraries = map[string]lua.LGFunction{
	lua.LoadLibName: lua.OpenPackage,
	lua.BaseLibName: lua.OpenBase,
	lua.TabLibName:  lua.OpenTable,
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "health:", err)
		os.Exit(1)
	}
}

func run(arguments []string, in io.Reader, out io.Writer) error {
	if len(arguments) != 1 {
		return errors.New("give the file of a health check")
	}
	script, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	objects, verdicts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var object json.RawMessage
		if err := objects.Decode(&object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		judged, err := judge(object, string(script))
		if err != nil {
			return fmt.Errorf("%w of %s", err, object)
		}
		if err := verdicts.Encode(judged); err != nil {
			return err
		}
	}
}

func judge(object []byte, script string) (*verdict, error) {
	parsed := &unstructured.Unstructured{}
	if err := parsed.UnmarshalJSON(object); err != nil {
		return nil, err
	}
	flux, err := status.Compute(parsed)
	if err != nil {
		return nil, err
	}
	argo := &health{Status: "Progressing", Message: "Pending deletion"}
	// what is being deleted is Progressing whatever its health check says: Argo CD does not run it
	if parsed.GetDeletionTimestamp() == nil {
		if argo, err = check(object, script); err != nil {
			return nil, err
		}
	}
	return &verdict{Flux: string(flux.Status), Argo: argo.Status, Message: argo.Message}, nil
}

func check(object []byte, script string) (*health, error) {
	machine := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer machine.Close()
	for name, open := range libraries {
		if err := machine.CallByParam(lua.P{Fn: machine.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	machine.SetContext(ctx)
	value, err := luajson.Decode(machine, object)
	if err != nil {
		return nil, err
	}
	machine.SetGlobal("obj", value)
	if err := machine.DoString(script); err != nil {
		return nil, err
	}
	said, err := luajson.Encode(machine.Get(-1))
	if err != nil {
		return nil, err
	}
	result := &health{}
	return result, json.Unmarshal(said, result)
}
