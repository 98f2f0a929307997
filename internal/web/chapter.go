package web

// Chapter is a page of the API's documentation for somebody who has a frame of their
// own: HTML of our own making, in which the names of classes begin with "ref-", so that
// they meet no others.
type Chapter struct {
	Title string
	HTML  string
	Nav   []ChapterGroup
}

// ChapterGroup is a part of the documentation's navigation.
type ChapterGroup struct {
	Title    string
	Chapters []ChapterLink
}

// ChapterLink leads to a chapter, or to a section of one.
type ChapterLink struct {
	Title, URL, Method string
	Words              string // what it is found by
	Current            bool
	Sections           []ChapterLink // of the chapter that is shown
}
