package content

import (
	"fmt"
	"regexp"
	"strconv"
)

// finishList makes sections of choices: those that follow each other and name the same
// section are one.
func finishList(p payload) {
	sections := []any{}
	var last payload
	for _, item := range each(p, "items") {
		name := item["section"]
		delete(item, "section")
		if last == nil || last["title"] != name {
			last = payload{"title": name, "items": []any{}}
			sections = append(sections, last)
		}
		items, _ := last["items"].([]any)
		last["items"] = append(items, item)
	}
	choices := payload{"sections": sections}
	for _, s := range each(choices, "sections") {
		if s["title"] == nil {
			delete(s, "title")
		}
	}
	if p["button"] != nil {
		choices["title"] = p["button"]
	}
	if p["header"] != nil {
		p["header"] = payload{"type": "text", "text": p["header"]}
	}
	p["list"] = choices
	delete(p, "button")
	delete(p, "items")
}

var listItem = regexp.MustCompile(`^list\.sections\[(\d+)\](?:\.items\[(\d+)\])?(.*)$`)

// listPlace is the input of a place in a list, whose sections the form does not know.
func listPlace(p payload, location string) string {
	switch location {
	case "list.title":
		return "button"
	case "list.sections":
		return "items"
	case "header.text":
		return "header"
	}
	at := listItem.FindStringSubmatch(location)
	if at == nil {
		return location
	}
	list, _ := p["list"].(payload)
	section, _ := strconv.Atoi(at[1]) // digits
	item, _ := strconv.Atoi(at[2])    // digits, or none: the first
	for i, s := range each(list, "sections") {
		if i < section {
			items, _ := s["items"].([]any)
			item += len(items)
		}
	}
	rest := at[3]
	if at[2] == "" && rest == ".title" {
		rest = ".section"
	}
	return fmt.Sprintf("items[%d]%s", item, rest)
}
