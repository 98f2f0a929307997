package condition

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// maxCost is where a run is stopped, in CEL's units: about one for each operation,
// and one for every ten characters that an operation reads. That is a few
// milliseconds; an ordinary condition costs ten or twenty.
const maxCost = 100_000

// prices are what calls cost that CEL believes to cost one whatever they are given.
type prices struct{}

// zonePrice is for asking a timestamp in a time zone, which reads the zone's rules
// from a file each time.
const zonePrice = 1000

// CallCost is part of cost.ActualCostEstimator. Nil leaves a call to CEL.
func (prices) CallCost(function, overload string, args []ref.Val, result ref.Val) *uint64 {
	if function == toll {
		price := uint64(args[0].(types.Int))
		return &price
	}
	price := uint64(1)
	if strings.HasSuffix(overload, "_with_tz") {
		price += zonePrice
	}
	for _, arg := range args {
		price += length(arg) / 10
	}
	if price += length(result) / 10; price == 1 {
		return nil
	}
	return &price
}

func length(v ref.Val) uint64 {
	switch v := v.(type) {
	case types.String:
		return uint64(len(v))
	case types.Bytes:
		return uint64(len(v))
	}
	return 0
}

// toll is a call that no condition can write: its one argument is its price.
const toll = "@toll"

type tollCall struct{}

func (tollCall) Function() string   { return toll }
func (tollCall) OverloadID() string { return toll }

// pay counts a cost before the work is done, and stops the run if that is too much.
func pay(frame *interpreter.ExecutionFrame, id int64, price int) {
	if costs := frame.CostTracker(); costs != nil {
		costs.EvalUnary(frame, id, tollCall{}, types.Int(price), nil)
	}
}
