import QtQuick
import QtQuick.Layouts
import Takeback
import Takeback.Native

// The drop is safe: the number, the money, the proof to photograph; paper comes by itself.
Stage {
    id: screen

    readonly property bool printing: props.printing
    readonly property bool paper: props.paper

    needs: proof.implicitHeight

    GridLayout {
        anchors.fill: parent
        columns: Theme.landscape ? 2 : 1
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1000
            Layout.maximumWidth: Theme.landscape ? 280 : 100000
            visible: Theme.landscape ? !Theme.largeText : screen.height - proof.implicitHeight > 200
            design: Qt.size(420, 420)
            most: 1.3

            Item {
                y: 52
                width: 420
                height: 420
                clip: true
                visible: screen.paper

                Art {
                    id: sheet
                    x: 60
                    y: screen.printing ? -330 : -40
                    width: 300
                    height: 420
                    drawing: "receipt-paper"

                    Behavior on y {
                        NumberAnimation {
                            duration: Theme.motion(900)
                            easing.type: Easing.OutCubic
                        }
                    }

                    SequentialAnimation on y {
                        running: screen.printing && screen.visible && !Theme.still
                        loops: Animation.Infinite
                        NumberAnimation {
                            from: -400
                            to: -60
                            duration: 2600
                            easing.type: Easing.OutQuad
                        }
                        PauseAnimation {
                            duration: 700
                        }
                    }
                }
            }

            Art {
                width: 420
                height: 90
                drawing: "receipt-slot"
                visible: screen.paper
            }

            Art {
                x: 85
                y: 30
                width: 250
                height: 658
                drawing: "phone"
                visible: !screen.paper
            }
        }

        Card {
            id: proof
            Layout.fillWidth: true
            Layout.fillHeight: Theme.landscape
            implicitHeight: told.implicitHeight + 72

            GridLayout {
                id: told
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: 40
                columns: 2
                columnSpacing: 40

                Rectangle {
                    implicitWidth: qrSide
                    implicitHeight: qrSide
                    readonly property int qrSide: Theme.landscape ? 400 : 420
                    radius: 24
                    color: "white"
                    border.width: Theme.stroke
                    border.color: Theme.hairline
                    Accessible.role: Accessible.Graphic
                    Accessible.name: screen.props.spoken

                    QrImage {
                        anchors.fill: parent
                        anchors.margins: 10
                        text: screen.props.qr
                    }
                }

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 4

                    Copy {
                        Layout.fillWidth: true
                        text: screen.props.numberLabel
                        color: Theme.muted
                        font.pixelSize: Theme.small
                    }

                    Headline {
                        Layout.fillWidth: true
                        size: Theme.title
                        room: 160
                        text: screen.props.number
                    }

                    Copy {
                        Layout.fillWidth: true
                        Layout.topMargin: 24
                        text: screen.props.refundLabel
                        color: Theme.muted
                        font.pixelSize: Theme.small
                    }

                    Headline {
                        Layout.fillWidth: true
                        size: Theme.title
                        room: 160
                        text: screen.props.refund
                    }

                    Copy {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: screen.props.refundNote
                        color: Theme.muted
                        font.pixelSize: Theme.small
                    }
                }

                Copy {
                    Layout.columnSpan: 2
                    Layout.fillWidth: true
                    Layout.topMargin: 20
                    text: screen.props.qrLabel
                    strong: true
                    font.pixelSize: Theme.small
                }

                Copy {
                    Layout.columnSpan: 2
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: screen.props.waited
                    color: Theme.muted
                    font.pixelSize: Theme.small
                }
            }
        }
    }
}
