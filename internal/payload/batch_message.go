package payload

import (
	"bytes"
	"slices"

	"parley"
)

func (w *batchItem) message() {
	m := w.data.at("message")
	w.begin("message")
	w.put(`{"message_by": `)
	author := m.at("author")
	w.whoever(parley.Actor{Type: author.at("type").says(), ID: author.at("id").says()})
	w.put(`, "message": `)
	w.content(m.at("content"))
	w.put(`}`)
}

// content is that of the message, but that buttons are called button and that names of
// variables are marked.
func (w *batchItem) content(content value) {
	payload := content.at("payload")
	switch content.at("type").says() {
	case "buttons":
		w.put(`{"type": "button", "payload": `)
		w.b = appendPython(w.b, payload.raw())
	case "form", "form.response":
		w.typed(content)
		w.object(payload, func(name []byte, v value) { w.member(name, v, "fields", w.fields) })
	case "javascript.response", "calendly.response":
		w.typed(content)
		w.object(payload, func(name []byte, v value) { w.member(name, v, "variables", w.marked) })
	default:
		w.b = appendPython(w.b, content.raw())
		return
	}
	w.put(`}`)
}

func (w *batchItem) typed(content value) {
	w.put(`{"type": `)
	w.b = appendPython(w.b, content.at("type").raw())
	w.put(`, "payload": `)
}

// object writes an object member by member; anything else as it is.
func (w *batchItem) object(v value, member func([]byte, value)) {
	if !v.isObject() {
		w.b = appendPython(w.b, v.raw())
		return
	}
	first := true
	w.put(`{`)
	for name, inner := range v.members() {
		w.separate(&first)
		member(name, inner)
	}
	w.put(`}`)
}

// member writes a member, the one of a special name in a special way.
func (w *batchItem) member(name []byte, v value, special string, write func(value)) {
	w.put(`"`)
	w.b = appendPythonText(w.b, name)
	w.put(`": `)
	if string(name) == special {
		write(v)
	} else {
		w.b = appendPython(w.b, v.raw())
	}
}

// fields are those of a form, or the answers to them.
func (w *batchItem) fields(list value) {
	if !list.isList() {
		w.b = appendPython(w.b, list.raw())
		return
	}
	first := true
	w.put(`[`)
	for _, field := range list.members() {
		w.separate(&first)
		w.object(field, func(name []byte, v value) { w.member(name, v, "variable", w.markedText) })
	}
	w.put(`]`)
}

// marked are variables with marked names.
func (w *batchItem) marked(variables value) {
	w.object(variables, func(name []byte, v value) {
		w.mark(name)
		w.put(`: `)
		w.b = appendPython(w.b, v.raw())
	})
}

func (w *batchItem) markedText(v value) {
	if len(v.inside()) == 0 {
		w.b = appendPython(w.b, v.raw())
		return
	}
	w.mark(v.inside())
}

// The marks around the name of a variable: ¿·name·?
const (
	markStart = `\u00bf\u00b7`
	markEnd   = `\u00b7?`
)

// mark writes the name of a variable between marks, unless it came with them.
func (w *batchItem) mark(name []byte) {
	w.put(`"`)
	start := len(w.b)
	w.b = appendPythonText(w.b, name)
	if written := w.b[start:]; !bytes.HasPrefix(written, []byte(markStart)) || !bytes.HasSuffix(written, []byte(markEnd)) {
		w.b = slices.Insert(w.b, start, []byte(markStart)...)
		w.put(markEnd)
	}
	w.put(`"`)
}
