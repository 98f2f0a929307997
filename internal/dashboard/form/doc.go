// Package form makes the dashboard's forms from the nouns: the tags that say what a
// client of the API may write say also what a person may fill in. [Of] gives the
// fields, [Fields] draws them, and [Read] makes of what was posted the body that the
// API would be sent, which schema.ReadCreate or schema.ReadUpdate then reads as
// strictly as ever: this package judges nothing itself. What they, and the verb after
// them, refuse is told beside the field ([Form.Fail]), and what the person typed stays.
//
// A form works without scripts. Fields that are not among those that were asked for
// are never read, whatever is posted.
package form
