pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// What is asked of whoever stands there, with the answers as keys; `wide` where nothing is beside it.
Rectangle {
    id: card

    property var told: ({})
    property bool wide: false
    readonly property var answers: told.keys ?? []
    readonly property real least: inside.implicitHeight + 2 * Theme.space

    radius: Theme.radius
    color: Theme.card
    border.width: Theme.highContrast ? 5 : 3
    border.color: Theme.role("caution")

    ColumnLayout {
        id: inside
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.space
        spacing: 20

        RowLayout {
            Layout.fillWidth: true
            visible: !card.wide
            spacing: 20

            Icon {
                size: 52
                drawing: card.told.icon ?? ""
                role: "caution"
            }

            Copy {
                Layout.fillWidth: true
                text: card.told.title ?? ""
                strong: true
                leading: 1.05
                font.pixelSize: Theme.body
            }
        }

        Copy {
            Layout.fillWidth: true
            text: card.told.text ?? ""
            color: Theme.muted
            leading: 1.1
            font.pixelSize: Theme.small
        }

        Copy {
            Layout.fillWidth: true
            visible: text !== ""
            text: card.told.date ?? ""
            strong: true
            font.pixelSize: card.wide ? 110 : Theme.title
        }

        GridLayout {
            Layout.fillWidth: true
            Layout.topMargin: 8
            columns: card.wide || card.answers.length > 2 ? 2 : 1
            columnSpacing: Theme.gap
            rowSpacing: 16
            uniformCellWidths: true

            Repeater {
                model: card.answers.length

                CounterKey {
                    required property int index

                    Layout.fillWidth: true
                    Layout.columnSpan: card.answers.length > 2 && index === card.answers.length - 1 && index % 2 === 0 ? 2 : 1
                    Layout.minimumHeight: card.wide ? 128 : Theme.target
                    told: card.answers[index] ?? ({})
                }
            }
        }
    }
}
