import QtQuick
import QtQuick.Layouts
import Takeback

// A bag in the hand: the container that it goes into.
Stage {
    id: screen

    readonly property var place: props.place ?? ({})
    readonly property bool named: (place.name ?? "") !== ""

    needs: column.implicitHeight

    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: Theme.gap

        ParcelRow {
            Layout.fillWidth: true
            told: screen.props.row ?? ({})
        }

        ShelfName {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space
            visible: screen.named
            label: screen.place.label ?? ""
            name: screen.place.name ?? ""
            tone: screen.place.tone ?? "accent"
        }

        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space
            visible: !screen.named
            spacing: Theme.space

            Icon {
                size: 130
                drawing: "tote"
                role: "caution"
            }

            Copy {
                Layout.fillWidth: true
                text: screen.place.label ?? ""
                strong: true
                font.pixelSize: Theme.body
            }
        }
    }
}
