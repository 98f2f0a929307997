package sandbox

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"modernc.org/quickjs"
)

const maxDepth = 2000 // of calls

//go:embed prelude.js
var prelude string

// engine answers requests, each in a realm of its own. It belongs to one goroutine.
type engine struct {
	terms   terms
	prelude []byte // compiled here and now: the engine does not check what it loads
	realm   *realm // a fresh one, for the next request
}

// realm is an engine's runtime with all its objects: what a script can see and
// change. It serves one request.
type realm struct {
	vm   *quickjs.VM
	host quickjs.Value // what the prelude returned
}

func newEngine(t terms) (*engine, error) {
	e := &engine{terms: t}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("make an engine: %w", err)
	}
	if e.prelude, err = vm.Compile(prelude, quickjs.EvalGlobal); err != nil {
		return nil, fmt.Errorf("compile the prelude: %w", err)
	}
	if err := vm.Close(); err != nil {
		return nil, err
	}
	return e, e.renew()
}

// renew throws the realm away, with all that a script left in it, and makes the next.
func (e *engine) renew() error {
	if e.realm != nil {
		if err := e.realm.close(); err != nil {
			return err
		}
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return fmt.Errorf("make an engine: %w", err)
	}
	vm.SetMemoryLimit(uintptr(e.terms.Memory))
	vm.SetMaxStackSize(maxDepth)
	host, err := vm.EvalBytecodeValue(e.prelude)
	if err != nil {
		return fmt.Errorf("run the prelude: %w", err)
	}
	e.realm = &realm{vm, host}
	return nil
}

func (r *realm) close() error {
	r.host.Free()
	return r.vm.Close()
}

// answer does what a request asks for.
func (e *engine) answer(request message) message {
	for len(request) < requestParts {
		request = append(request, nil)
	}
	w := watchOver(e.realm.vm, e.terms.Timeout)
	kind, body, err := e.realm.do(request)
	if late := w.stop(); err != nil {
		kind, body = explain(err, late, string(request[1]))
	}
	return message{[]byte(kind), body, e.realm.log(e.terms.Memory)}
}

func (r *realm) do(request message) (kind string, body []byte, err error) {
	op, source, name, args := string(request[0]), string(request[1]), string(request[2]), string(request[3])
	function, err := r.define(source, name)
	if err != nil {
		return "", nil, err
	}
	defer function.Free()
	if op == checkOp {
		return gaveNone, nil, nil
	}
	return r.call(function, args)
}

// define runs the source and finds a function that it defines.
func (r *realm) define(source, name string) (quickjs.Value, error) {
	value, err := r.vm.EvalValue(source, quickjs.EvalGlobal)
	if err != nil {
		return quickjs.Value{}, err
	}
	value.Free()
	// As an expression, it finds what const and let define, too.
	function, err := r.vm.EvalValue(fmt.Sprintf("typeof %s === 'function' ? %s : undefined", name, name), quickjs.EvalGlobal)
	if err == nil && function.IsUndefined() {
		err = &ScriptError{Message: "The script defines no function named " + name + "."}
	}
	return function, err
}

// call calls a function with arguments in JSON. The prelude gives its result
// in JSON, nothing for undefined, or the length of a result that is too long.
func (r *realm) call(function quickjs.Value, args string) (kind string, body []byte, err error) {
	result, err := r.host.Call(quickjs.UndefinedValue, function, args, MaxOutput)
	if err != nil {
		return "", nil, err
	}
	switch result := result.(type) {
	case quickjs.Undefined:
		return gaveNone, nil, nil
	case string:
		if len(result) <= MaxOutput {
			return gaveValue, []byte(result), nil
		}
	}
	return gaveLimit, []byte(OutputLimit), nil
}

// log is what the script wrote to the console. It is wanted most when the script
// left no memory for anything, so it has some of its own.
func (r *realm) log(memory int) []byte {
	r.vm.SetMemoryLimit(uintptr(memory) + 1<<20)
	text, err := r.host.Call(quickjs.UndefinedValue)
	if lines, ok := text.(string); err == nil && ok && lines != "" {
		return []byte("[" + lines + "]")
	}
	return nil
}

// explain words an error of the engine for the author of the source. Late says
// that the script had been told to stop.
func explain(err error, late bool, source string) (kind string, body []byte) {
	if late {
		return gaveLimit, []byte(TimeLimit)
	}
	failure := scriptError(err, source)
	if failure == nil {
		return gaveLimit, []byte(MemoryLimit)
	}
	body, err = json.Marshal(failure)
	if err != nil {
		return gaveLimit, []byte(CrashLimit)
	}
	return gaveError, body
}
