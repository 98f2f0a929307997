// Package content draws what messages say, for those who read a conversation, and has
// the forms in which agents write what is more than a text.
//
// A message is drawn as its receiver sees it, but nothing in it can be pressed, and no
// script in it runs. Whatever it holds is written as text. Files of ours are shown in
// their place, by links that are made for the viewer; what lies elsewhere is a link,
// and is never asked for. Content that this release does not know is shown as JSON.
package content
