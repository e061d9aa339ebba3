pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// What works, in a quiet row; what wants a look stands out by colour and sign.
Item {
    id: bar

    property var items: []
    property string name: ""

    RowLayout {
        anchors.fill: parent
        spacing: 22

        Icon {
            size: 52
            drawing: "mark"
            role: "accent"
        }

        Text {
            text: Theme.brand
            visible: bar.items.length < 5
            color: Theme.ink
            font.pixelSize: 36
            font.weight: Font.Bold
            Accessible.ignored: true
        }

        Item {
            Layout.fillWidth: true
        }

        Repeater {
            model: bar.items.length

            Rectangle {
                id: item
                required property int index
                readonly property var told: bar.items[index] ?? ({})
                readonly property bool care: told.care ?? false

                Layout.preferredHeight: 60
                Layout.preferredWidth: inside.implicitWidth + (care ? 36 : 8)
                radius: 30
                color: care ? Theme.role("cautionSoft") : "transparent"
                border.width: care && Theme.highContrast ? 3 : 0
                border.color: Theme.role("caution")

                Row {
                    id: inside
                    anchors.centerIn: parent
                    spacing: 12

                    Icon {
                        size: 36
                        anchors.verticalCenter: parent.verticalCenter
                        drawing: item.told.icon ?? ""
                        role: item.care ? "caution" : "muted"
                    }

                    Copy {
                        anchors.verticalCenter: parent.verticalCenter
                        text: item.told.text ?? ""
                        leading: 1
                        color: item.care ? Theme.role("caution") : Theme.muted
                        font.pixelSize: 26
                        strong: item.care
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }

        Row {
            visible: bar.name !== ""
            spacing: 12

            Icon {
                size: 40
                anchors.verticalCenter: parent.verticalCenter
                drawing: "badge"
                role: "ink"
            }

            Copy {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, 380)
                text: bar.name
                strong: true
                leading: 1
                font.pixelSize: 32
                wrapMode: Text.NoWrap
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 20
            }
        }
    }
}
