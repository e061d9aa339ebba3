import QtQuick
import QtQuick.Layouts
import Takeback

// Top of every screen: steps, the one sentence, and whatever must be said beside it.
ColumnLayout {
    id: heading

    property var frame: ({})
    property real room: 400
    readonly property bool wrong: (frame.problem?.text ?? "") !== ""
    readonly property bool hinted: (frame.hint ?? "") !== ""

    spacing: 24

    StepBar {
        Layout.fillWidth: true
        Layout.bottomMargin: 8
        visible: step >= 0
        steps: heading.frame.steps ?? []
        step: heading.frame.step ?? -1
        progress: heading.frame.progress ?? ""
    }

    Headline {
        Layout.fillWidth: true
        text: heading.frame.title ?? ""
        room: heading.room
    }

    Copy {
        Layout.fillWidth: true
        text: heading.frame.subtitle ?? ""
        visible: text !== "" && !heading.wrong && !heading.hinted
        color: Theme.muted
    }

    ProblemBanner {
        Layout.fillWidth: true
        visible: heading.wrong
        problem: heading.frame.problem ?? ({})
    }

    HintChip {
        Layout.fillWidth: true
        visible: heading.hinted && !heading.wrong
        text: heading.frame.hint ?? ""
    }

    Repeater {
        model: heading.wrong || heading.hinted ? 0 : (heading.frame.notices ?? []).length

        Notice {
            required property int index
            readonly property var notice: heading.frame.notices[index] ?? ({})

            Layout.fillWidth: true
            icon: notice.icon ?? ""
            text: notice.text ?? ""
            step: notice.step ?? ""
        }
    }
}
