package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"parley"
)

// cloudEvent is an event in the format cloudevents: the structured JSON of CloudEvents
// 1.0, with the same data as in the format standard. Its extensions are texts.
type cloudEvent struct {
	SpecVersion  string                `json:"specversion"`
	ID           parley.EventID        `json:"id"`
	Type         string                `json:"type"`
	Time         parley.Time           `json:"time"`
	Sequence     string                `json:"sequence"`
	APIVersion   string                `json:"apiversion"`
	Organization parley.OrganizationID `json:"organization"`
	Inbox        *parley.InboxID       `json:"inbox"`
	ActorType    string                `json:"actortype"`
	ActorID      string                `json:"actorid"`
	CauseEventID parley.EventID        `json:"causeeventid"`
	CauseRuleID  string                `json:"causeruleid"`
	CauseDepth   string                `json:"causedepth"`
	Data         json.RawMessage       `json:"data"`
}

// isCloudEvent tells whether a body is in the format cloudevents.
func isCloudEvent(body []byte) bool {
	var form struct {
		SpecVersion string `json:"specversion"`
	}
	return bytes.Contains(body, []byte(`"specversion"`)) && json.Unmarshal(body, &form) == nil && form.SpecVersion != ""
}

func parseCloudEvent(body []byte) (RawEvent, error) {
	var c cloudEvent
	if err := json.Unmarshal(body, &c); err != nil {
		return RawEvent{}, fmt.Errorf("webhook: the body is not a CloudEvent of Parley's: %w", err)
	}
	name, ours := strings.CutPrefix(c.Type, "parley.")
	sequence, err := strconv.ParseInt(c.Sequence, 10, 64)
	if !ours || err != nil {
		return RawEvent{}, fmt.Errorf("webhook: the body is not a CloudEvent of Parley's: its type is %q, its sequence %q", c.Type, c.Sequence)
	}
	e := RawEvent{Data: c.Data, Envelope: parley.Envelope{
		ID: c.ID, Type: name, Sequence: sequence, Timestamp: c.Time, APIVersion: c.APIVersion,
		OrganizationID: c.Organization, InboxID: c.Inbox, Actor: parley.Actor{Type: c.ActorType, ID: c.ActorID},
	}}
	if c.CauseEventID != "" {
		depth, err := strconv.Atoi(c.CauseDepth)
		if err != nil {
			return RawEvent{}, fmt.Errorf("webhook: the body is not a CloudEvent of Parley's: its causedepth is %q", c.CauseDepth)
		}
		e.Cause = &parley.Cause{EventID: c.CauseEventID, RuleID: c.CauseRuleID, Depth: depth}
	}
	return e, nil
}
