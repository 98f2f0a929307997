// Package inbox is where agents answer: the conversations in folders, one of them as a
// thread with its composer, and what is known of its contact beside it. Each pane is a
// part that loads itself again when the log tells of a change, drawn by the same
// component as in the page. What is being typed stands outside of these parts.
package inbox

import (
	"parley"
	"parley/internal/dashboard/page"
)

const (
	read  parley.Scope = "conversations:read"
	write parley.Scope = "conversations:write"
)

// Routes are the addresses of this area.
func Routes(*page.Site) []page.Route {
	return []page.Route{
		{Pattern: "GET /inbox", Scope: read, Handle: showInbox},
		{Pattern: "GET /inbox/list", Scope: read, Handle: showList},
		{Pattern: "GET /inbox/folders", Scope: read, Handle: showFolders},
		{Pattern: "GET /inbox/new", Scope: write, Command: "Start a conversation", Handle: showNew},
		{Pattern: "POST /inbox/new", Scope: write, Handle: begin},

		{Pattern: "GET /inbox/{id}", Scope: read, Handle: showConversation},
		{Pattern: "GET /inbox/{id}/head", Scope: read, Handle: part(headPart)},
		{Pattern: "GET /inbox/{id}/thread", Scope: read, Handle: part(threadPart)},
		{Pattern: "GET /inbox/{id}/older", Scope: read, Handle: part(olderPart)},
		{Pattern: "GET /inbox/{id}/company", Scope: read, Handle: part(companyPart)},
		{Pattern: "GET /inbox/{id}/typists", Scope: read, Handle: part(typistsPart)},
		{Pattern: "GET /inbox/{id}/panel", Scope: read, Handle: part(panelPart)},
		{Pattern: "GET /inbox/{id}/canned", Scope: "canned_responses:read", Handle: part(cannedPart)},

		{Pattern: "POST /inbox/{id}/messages", Scope: write, Handle: reply},
		{Pattern: "POST /inbox/{id}/notes", Scope: write, Handle: remark},
		{Pattern: "POST /inbox/{id}/assignee", Scope: write, Handle: act(assign)},
		{Pattern: "POST /inbox/{id}/team", Scope: write, Handle: act(assignTeam)},
		{Pattern: "POST /inbox/{id}/status", Scope: write, Handle: act(setStatus)},
		{Pattern: "POST /inbox/{id}/snooze", Scope: write, Handle: act(snooze)},
		{Pattern: "POST /inbox/{id}/labels", Scope: write, Handle: act(addLabel)},
		{Pattern: "POST /inbox/{id}/labels/remove", Scope: write, Handle: act(removeLabel)},
		{Pattern: "POST /inbox/{id}/delete", Scope: write, Handle: remove},
		{Pattern: "GET /inbox/{id}/edit", Scope: write, Handle: editConversation},
		{Pattern: "POST /inbox/{id}/edit", Scope: write, Handle: saveConversation},
		{Pattern: "GET /inbox/{id}/contact", Scope: "contacts:write", Handle: editContact},
		{Pattern: "POST /inbox/{id}/contact", Scope: "contacts:write", Handle: saveContact},
	}
}
