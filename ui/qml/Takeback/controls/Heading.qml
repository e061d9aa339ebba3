import QtQuick
import QtQuick.Layouts
import Takeback

// Top of every screen: steps, the one sentence, and whatever must be said beside it.
ColumnLayout {
    id: heading

    property var frame: ({})
    property real maximum: 400  // height to stay within
    readonly property bool wrong: (frame.problem?.text ?? "") !== ""
    readonly property real beside: (steps.visible ? steps.implicitHeight + 32 : 0) + (eyebrow.visible ? eyebrow.implicitHeight + 12 : 0) + (subtitle.visible ? subtitle.implicitHeight + 24 : 0) + (banner.visible ? banner.implicitHeight + 24 : 0) + (hint.visible ? hint.implicitHeight + 24 : 0)
    readonly property bool hinted: (frame.hint ?? "") !== ""

    spacing: 24

    StepBar {
        id: steps
        Layout.fillWidth: true
        Layout.bottomMargin: 8
        visible: step >= 0
        steps: heading.frame.steps ?? []
        step: heading.frame.step ?? -1
        progress: heading.frame.progress ?? ""
    }

    Copy {
        id: eyebrow
        Layout.fillWidth: true
        Layout.bottomMargin: -12
        text: heading.frame.eyebrow ?? ""
        visible: text !== "" && !(Theme.largeText && heading.wrong)
        strong: true
        font.pixelSize: Theme.small
        color: Theme.muted
    }

    Headline {
        Layout.fillWidth: true
        text: heading.frame.title ?? ""
        size: heading.frame.modest && !Theme.landscape ? Theme.title * 1.1 : Theme.display
        room: Math.max(110, heading.maximum - heading.beside)
    }

    Copy {
        id: subtitle
        Layout.fillWidth: true
        text: heading.frame.subtitle ?? ""
        visible: text !== "" && !heading.wrong && !heading.hinted
        color: Theme.muted
    }

    ProblemBanner {
        id: banner
        Layout.fillWidth: true
        visible: heading.wrong
        problem: heading.frame.problem ?? ({})
    }

    HintChip {
        id: hint
        Layout.fillWidth: true
        visible: heading.hinted && !heading.wrong
        text: heading.frame.hint ?? ""
    }
}
