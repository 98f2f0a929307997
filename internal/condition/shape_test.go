package condition

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"parley"
)

// parcel has what payload structs may have one day.
type parcel struct {
	Weight   float64           `json:"weight"`
	Value    *float64          `json:"value"`
	Fragile  bool              `json:"fragile"`
	Insured  *bool             `json:"insured"`
	Pieces   uint8             `json:"pieces"`
	Left     *int              `json:"left"`
	Code     []byte            `json:"code"`
	Raw      json.RawMessage   `json:"raw"`
	Any      any               `json:"any"`
	Stops    []parley.Time     `json:"stops"`
	Arrives  *parley.Time      `json:"arrives"`
	Sizes    []float64         `json:"sizes"`
	Marks    []*string         `json:"marks"`
	Tags     map[string]string `json:"tags"`
	Counts   map[string]int    `json:"counts"`
	Senders  []sender          `json:"senders"`
	Sender   *sender           `json:"sender"`
	Left2    string            `json:"-"`
	Omitted  string            `json:"omitted,omitempty"`
	Lists    [][]string        `json:"lists"`
	Waited   time.Duration     `json:"waited"`
	Inside   *parcel           `json:"inside"`
	Unnamed  string
	hidden   string
	Embedded // its fields are the parcel's
}

type sender struct {
	Name  string      `json:"name"`
	Since parley.Time `json:"since"`
}

// Embedded is part of every parcel.
type Embedded struct {
	Street string `json:"street"`
}

func TestShapesFollowTheStructs(t *testing.T) {
	t.Parallel()
	env, err := newEnvironment(shapeOf(reflect.TypeFor[parcel]()))
	if err != nil {
		t.Fatal(err)
	}
	at := parley.Time(1795176000000)
	p := parcel{
		Weight: 2, Value: new(9.5), Fragile: true, Insured: new(false), Pieces: 3, Left: new(1), Code: []byte("abc"),
		Raw: json.RawMessage(`{"a":[1]}`), Any: 7, Stops: []parley.Time{at}, Arrives: &at, Sizes: []float64{1, 2.5},
		Marks: []*string{new("x"), nil}, Tags: map[string]string{"k": "v"}, Counts: map[string]int{"n": 2},
		Senders: []sender{{"Ada", at}}, Sender: &sender{"Grace", at}, Lists: [][]string{{"a"}, nil},
		Waited: time.Second, Inside: &parcel{Weight: 1}, Unnamed: "u", hidden: "h", Embedded: Embedded{"Mill Lane"},
	}
	for text, want := range map[string]bool{
		`data.weight == 2 && data.weight > 1 && data.weight * 1.5 == 3.0`:                 true,
		`data.value > 9 && data.value != null`:                                            true,
		`data.fragile && !data.insured`:                                                   true,
		`data.pieces == 3 && data.left == 1 && data.waited == 1000000000`:                 true,
		`data.code == 'YWJj' && data.raw.a[0] == 1 && data.any == 7`:                      true,
		`timestamp(data.stops[0]) == data.arrives`:                                        true,
		`data.sizes == [1.0, 2.5] && data.sizes[0] == 1`:                                  true,
		`data.marks[0] == 'x' && data.marks[1] == null`:                                   true,
		`data.tags.k == 'v' && data.counts['n'] == 2`:                                     true,
		`data.senders.exists(s, s.name == 'Ada' && s.since == data.arrives)`:              true,
		`data.senders[0].since < data.arrives + duration('1s')`:                           true,
		`data.sender.since == timestamp && has(data.sender.name)`:                         true,
		`!has(data.omitted) || data.omitted == 'x'`:                                       true,
		`data.lists[0] == ['a'] && data.inside.weight == 1 && data.inside.sender == null`: true,
		`data.Unnamed == 'u' && data.street == 'Mill Lane'`:                               true,
		`data.inside.anything_at_all == 1`:                                                false,
		`data.omitted == ''`:                                                              false,
	} {
		c, err := env.compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Match(&parley.Event{CreatedAt: at, Data: raw}); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`data.Left2 == ''`, `data.hidden == 'h'`, `data.senders[0].nam == ''`, `data.tags.k == 1`, `data.pieces == '3'`} {
		if _, err := env.compile(text); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func TestWhatIsNotOfItsDeclaredTypeIsNotThere(t *testing.T) {
	t.Parallel()
	env, err := newEnvironment(shapeOf(reflect.TypeFor[parcel]()))
	if err != nil {
		t.Fatal(err)
	}
	data := `{"weight":"2","fragile":1,"pieces":1.5,"street":7,"arrives":"soon","senders":{},"tags":[],"sender":"x","value":null,"left":null,"insured":null}`
	for _, text := range []string{
		`data.weight == 2`, `data.fragile`, `data.pieces > 0`, `data.street != ''`, `data.arrives != timestamp`,
		`data.senders == []`, `data.tags == {}`, `data.sender.name != ''`, `data.stops == []`,
		`data.insured`, `data.insured || false`, `!data.insured`, `data.insured ? true : true`, `data.value > 1`, `data.left > 0 || data.left <= 0`,
	} {
		c, err := env.compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if matched, err := c.Match(&parley.Event{Data: json.RawMessage(data)}); matched || err != nil {
			t.Errorf("%s: %v, %v", text, matched, err)
		}
	}
}
