package content

import (
	"cmp"
	"slices"

	"parley"
)

// questions are what the answers among messages were given to, as far as that can be
// told: the last question before them that they fit.
func questions(messages []parley.Message) map[parley.MessageID]string {
	asked := map[parley.MessageID]string{}
	inOrder := slices.SortedFunc(slices.Values(messages), func(a, b parley.Message) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for i, m := range inOrder {
		if t, _ := parley.ContentTypeOf(m.Content.Type); !t.Answer {
			continue
		}
		for _, before := range slices.Backward(inOrder[:i]) {
			if question := answered(before.Content.Payload, m.Content.Payload); question != "" {
				asked[m.ID] = question
				break
			}
		}
	}
	return asked
}

// answered is the words of a question that an answer fits, "" if it does not.
func answered(question, answer any) string {
	switch a := answer.(type) {
	case *parley.ChoicePayload:
		return chosenFrom(question, a)
	case *parley.FormResponsePayload:
		if q, ok := question.(*parley.FormPayload); ok && len(a.Fields) > 0 && slices.ContainsFunc(q.Fields, func(f parley.FormField) bool { return f.Label == a.Fields[0].Label }) {
			return q.Message
		}
	case *parley.CalendarResponsePayload:
		if q, ok := question.(*parley.CalendarPayload); ok {
			return q.Title
		}
	case *parley.SliderResponsePayload:
		if q, ok := question.(*parley.SliderPayload); ok && a.Value >= q.Min && a.Value <= q.Max {
			return q.Title
		}
	case *parley.FileUploadResponsePayload:
		if q, ok := question.(*parley.FileUploadPayload); ok {
			return q.Title
		}
	case *parley.BookingResponsePayload:
		if q, ok := question.(*parley.BookingPayload); ok && string(q.EventID) == string(a.EventID) {
			return q.Title
		}
	}
	return ""
}

// chosenFrom is the title of the buttons or the list that a choice is from.
func chosenFrom(question any, answer *parley.ChoicePayload) string {
	chosen := append([]string{answer.Body}, answer.Selected...)
	switch q := question.(type) {
	case *parley.ButtonsPayload:
		if slices.ContainsFunc(q.Buttons, func(b parley.Button) bool { return slices.Contains(chosen, b.Title) }) {
			return q.Title
		}
	case *parley.ListPayload:
		for _, s := range q.List.Sections {
			if slices.ContainsFunc(s.Items, func(i parley.ListItem) bool { return slices.Contains(chosen, i.Title) }) {
				return q.Title
			}
		}
	}
	return ""
}
