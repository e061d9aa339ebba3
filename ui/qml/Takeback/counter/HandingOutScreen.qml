pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Where to go, what to fetch there, and what is asked of whoever stands there.
Stage {
    id: screen

    readonly property var place: props.place ?? ({})
    readonly property var rows: props.rows ?? []
    readonly property var more: props.more ?? []
    readonly property var proof: props.proof ?? ({})
    readonly property bool going: (place.name ?? "") !== ""
    readonly property bool asked: (proof.title ?? "") !== ""

    needs: Math.max(going ? walk.implicitHeight : 0, asked ? card.least : 0)

    ColumnLayout {
        id: walk
        anchors.left: parent.left
        anchors.right: screen.asked ? card.left : parent.right
        anchors.rightMargin: screen.asked ? 2 * Theme.space : 0
        anchors.top: parent.top
        visible: screen.going
        spacing: 16

        ShelfName {
            Layout.fillWidth: true
            label: screen.place.label ?? ""
            name: screen.place.name ?? ""
            tone: screen.place.tone ?? "accent"
        }

        Repeater {
            model: screen.rows.length

            ParcelRow {
                required property int index

                Layout.fillWidth: true
                told: screen.rows[index] ?? ({})
            }
        }

        Repeater {
            model: screen.more.length

            Copy {
                required property int index

                Layout.fillWidth: true
                text: screen.more[index] ?? ""
                color: Theme.muted
                leading: 1.05
                font.pixelSize: Theme.small
            }
        }
    }

    ProofCard {
        id: card
        anchors.right: parent.right
        anchors.top: parent.top
        width: screen.going ? Math.min(600, parent.width * 0.48) : parent.width
        height: least
        visible: screen.asked
        wide: !screen.going
        told: screen.proof
    }
}
