pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// The containers of the shop with their meters; beside them, who may fetch something.
Stage {
    id: screen

    readonly property var rows: props.rows ?? []
    readonly property var waiting: props.waiting ?? []

    needs: Math.max(list.implicitHeight + (turner.visible ? turner.implicitHeight + Theme.gap : 0), carriers.implicitHeight)

    Icon {
        anchors.centerIn: parent
        size: 320
        visible: screen.rows.length === 0 && screen.waiting.length === 0
        drawing: "tote"
        role: "accent"
    }

    RowLayout {
        anchors.fill: parent
        spacing: 2 * Theme.space

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1200

            Column {
                id: list
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                spacing: 12

                Repeater {
                    model: screen.rows.length

                    ContainerRow {
                        required property int index

                        width: list.width
                        height: implicitHeight
                        told: screen.rows[index] ?? ({})
                    }
                }
            }

            RowLayout {
                id: turner
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                visible: (screen.props.of ?? "") !== ""
                spacing: Theme.gap

                CounterKey {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1000
                    told: screen.props.earlier ?? ({})
                }

                Copy {
                    text: screen.props.of ?? ""
                    font.pixelSize: Theme.small
                    color: Theme.muted
                    horizontalAlignment: Text.AlignHCenter
                }

                CounterKey {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1000
                    told: screen.props.later ?? ({})
                }
            }
        }

        ColumnLayout {
            id: carriers
            Layout.fillWidth: true
            Layout.preferredWidth: 560
            Layout.maximumWidth: 620
            Layout.alignment: Qt.AlignTop
            visible: screen.waiting.length > 0
            spacing: Theme.gap

            Copy {
                Layout.fillWidth: true
                text: screen.props.waitingLabel ?? ""
                color: Theme.muted
                font.pixelSize: Theme.small
            }

            Repeater {
                model: screen.waiting.length

                ColumnLayout {
                    id: carrier
                    required property int index
                    readonly property var told: screen.waiting[index] ?? ({})

                    Layout.fillWidth: true
                    spacing: 4

                    CounterKey {
                        Layout.fillWidth: true
                        told: carrier.told
                    }

                    Copy {
                        Layout.fillWidth: true
                        text: carrier.told.text ?? ""
                        color: Theme.muted
                        leading: 1.05
                        font.pixelSize: Math.max(28, Theme.small * 0.9)
                    }
                }
            }
        }
    }
}
