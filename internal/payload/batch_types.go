package payload

import (
	"parley"
)

func (w *batchItem) status(by, status string) {
	w.begin("status")
	w.put(`{"`, by, `": `)
	w.whoever(w.event.Actor)
	w.put(`, "status": "`, status, `"}`)
}

func (w *batchItem) assigned() {
	w.begin("assignee_change")
	w.put(`{"changed_by": `)
	w.whoever(w.event.Actor)
	w.put(`, "to": `)
	w.agent(w.data.at("assignee"))
	w.put(`, "from": `)
	w.agentBefore(w.data.at("previous").at("assignee"))
	w.put(`}`)
}

func (w *batchItem) labels(action string) {
	w.begin("conversation_labels")
	w.put(`{"action_performed_by": `)
	w.whoever(w.event.Actor)
	w.put(`, "action": "`, action, `", "labels": [{"id": `)
	w.number(parley.Number(parley.LabelID(w.data.at("label_id").inside())))
	w.put(`}]}`)
}

func (w *batchItem) note() {
	w.begin("note")
	w.put(`{"note_by": `)
	w.whoever(w.event.Actor)
	w.put(`, "note": `)
	w.b = appendPython(w.b, w.data.at("note").at("text").raw())
	w.put(`}`)
}

// variablesChanged tells of the variables that were set, as they are now; one that was
// removed is null.
func (w *batchItem) variablesChanged() {
	w.begin("variables")
	w.put(`{"action_performed_by": `)
	w.whoever(w.event.Actor)
	w.put(`, "variables": [`)
	now, first := w.data.at("conversation").at("variables"), true
	for name := range w.data.at("previous").at("variables").members() {
		w.separate(&first)
		w.variable("", name, now.at(string(name)))
	}
	w.put(`]}`)
}

// separate stands between the items of a list.
func (w *batchItem) separate(first *bool) {
	if !*first {
		w.put(between)
	}
	*first = false
}

// variable writes a variable whose name begins with a prefix. Numbers are texts there,
// and what is neither a number nor a date is of type text, whatever it is.
func (w *batchItem) variable(prefix string, name []byte, v value) {
	kind, moment := "text", ""
	switch c := v.first(); {
	case c == '-', '0' <= c && c <= '9':
		kind = "number"
	case c == '"':
		if moment = pythonDate(v.says()); moment != "" {
			kind = "date"
		}
	}
	w.put(`{"type": "`, kind, `", "name": "`, prefix)
	w.b = appendPythonText(w.b, name)
	w.put(`", "value": `)
	switch kind {
	case "number":
		w.put(`"`, string(v.raw()), `"`)
	case "date":
		w.put(`"`, moment, `"`)
	default:
		w.b = appendPython(w.b, v.raw())
	}
	w.put(`}`)
}
