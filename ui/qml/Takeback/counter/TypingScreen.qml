import QtQuick
import Takeback

// One line of text and a keyboard of our own.
Stage {
    id: screen

    readonly property string text: props.text ?? ""

    needs: entry.height + Theme.gap + board.implicitHeight

    Rectangle {
        id: entry
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: Math.max(110, line.implicitHeight + 32)
        radius: Theme.radius
        color: Theme.card
        border.width: 5
        border.color: Theme.accent
        Accessible.role: Accessible.EditableText
        Accessible.name: (screen.props.title ?? "") + ", " + screen.text

        Copy {
            id: line
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: 32
            text: screen.text !== "" ? screen.text : (screen.props.hint ?? "")
            color: screen.text !== "" ? Theme.ink : Theme.muted
            strong: screen.text !== ""
            font.pixelSize: screen.text.length > 40 ? 30 : Theme.small
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 4
            Accessible.ignored: true
        }
    }

    KeyBoard {
        id: board
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.top: entry.bottom
        anchors.topMargin: Theme.gap
        rows: screen.props.rows ?? []
        space: screen.props.space ?? ""
        erase: screen.props.erase ?? ""
        submit: screen.props.submit ?? ({})
    }
}
