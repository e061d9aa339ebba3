pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Window

// The developer's dock. A tool, not a public screen: English only, one page, nothing hidden.
Window {
    id: window

    required property var dock

    readonly property color paper: "#f6f3ec"
    readonly property color ink: "#ece8df"
    readonly property color quiet: "#a39d91"
    readonly property color panel: "#26241f"
    readonly property color accent: "#e0a44c"

    title: "Takeback: dock"
    color: "#1b1a16"
    visible: false

    component Heading: Text {
        color: window.quiet
        font.family: "Inter"
        font.pixelSize: 13
        font.letterSpacing: 1.2
        font.capitalization: Font.AllUppercase
    }

    Row {
        anchors.fill: parent
        anchors.margins: 24
        spacing: 24

        Column {
            id: left
            width: (parent.width - 24) * 0.62
            height: parent.height
            spacing: 16

            Text {
                color: window.ink
                font {
                    family: "Inter"
                    pixelSize: 24
                    weight: Font.DemiBold
                }
                text: "Your hands"
            }
            Text {
                width: parent.width
                wrapMode: Text.WordWrap
                color: window.quiet
                font {
                    family: "Inter"
                    pixelSize: 15
                }
                text: "Tap a card to hold it before the camera; tap again to take it away."
            }

            Flickable {
                width: parent.width
                height: left.height - y - levers.height - 16
                contentHeight: flow.height
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                Flow {
                    id: flow
                    width: parent.width
                    spacing: 12

                    Repeater {
                        model: window.dock.cards

                        Rectangle {
                            id: card
                            required property var modelData
                            readonly property bool isHeld: window.dock.held === modelData.key

                            width: (flow.width - 12) / 2
                            height: 118
                            radius: 10
                            color: isHeld ? "#4a3d22" : window.panel
                            border {
                                width: isHeld || activeFocus ? 2 : 0
                                color: window.accent
                            }
                            activeFocusOnTab: true
                            Accessible.role: Accessible.Button
                            Accessible.name: modelData.title
                            Keys.onReturnPressed: window.dock.hold(modelData.key)
                            Keys.onSpacePressed: window.dock.hold(modelData.key)

                            Image {
                                id: picture
                                anchors {
                                    left: parent.left
                                    top: parent.top
                                    bottom: parent.bottom
                                    margins: 10
                                }
                                width: 48
                                source: card.modelData.picture
                                sourceSize.height: 224
                                fillMode: Image.PreserveAspectFit
                                asynchronous: true
                            }
                            Column {
                                anchors {
                                    left: picture.right
                                    right: parent.right
                                    top: parent.top
                                    margins: 10
                                }
                                spacing: 4
                                Text {
                                    width: parent.width
                                    color: window.ink
                                    wrapMode: Text.WordWrap
                                    maximumLineCount: 3
                                    elide: Text.ElideRight
                                    font {
                                        family: "Inter"
                                        pixelSize: 14
                                        weight: Font.DemiBold
                                    }
                                    text: card.modelData.title
                                }
                                Text {
                                    width: parent.width
                                    color: window.quiet
                                    wrapMode: Text.WordWrap
                                    maximumLineCount: 2
                                    elide: Text.ElideRight
                                    font {
                                        family: "Inter"
                                        pixelSize: 12
                                    }
                                    text: card.modelData.detail
                                }
                            }
                            TapHandler {
                                onTapped: window.dock.hold(card.modelData.key)
                            }
                        }
                    }
                }
            }

            Column {
                id: levers
                width: parent.width
                spacing: 10

                Heading {
                    text: "What can go wrong"
                }
                Flow {
                    width: parent.width
                    spacing: 8
                    Repeater {
                        model: window.dock.levers
                        Rectangle {
                            id: lever
                            required property var modelData
                            property bool on: false

                            function turn(): void {
                                on = !on;
                                window.dock.pull(modelData.key, on);
                            }

                            width: label.implicitWidth + 28
                            height: 44
                            radius: 22
                            color: on ? "#7a3424" : window.panel
                            border {
                                width: activeFocus ? 2 : 0
                                color: window.accent
                            }
                            activeFocusOnTab: true
                            Accessible.role: Accessible.CheckBox
                            Accessible.name: label.text
                            Keys.onReturnPressed: turn()
                            Keys.onSpacePressed: turn()
                            Text {
                                id: label
                                anchors.centerIn: parent
                                color: window.ink
                                font {
                                    family: "Inter"
                                    pixelSize: 15
                                }
                                text: lever.on ? lever.modelData.on : lever.modelData.off
                            }
                            TapHandler {
                                onTapped: lever.turn()
                            }
                        }
                    }
                }
                Text {
                    width: parent.width
                    color: window.quiet
                    wrapMode: Text.WordWrap
                    font {
                        family: "Inter"
                        pixelSize: 14
                    }
                    text: window.dock.status
                }
            }
        }

        Column {
            id: right
            width: parent.width - left.width - 24
            height: parent.height
            spacing: 16

            Text {
                color: window.ink
                font {
                    family: "Inter"
                    pixelSize: 24
                    weight: Font.DemiBold
                }
                text: "The paper"
            }
            Text {
                visible: window.dock.paper.length === 0
                width: parent.width
                wrapMode: Text.WordWrap
                color: window.quiet
                font {
                    family: "Inter"
                    pixelSize: 15
                }
                text: "Receipts come out here."
            }
            ListView {
                width: parent.width
                height: right.height - y
                clip: true
                spacing: 16
                model: window.dock.paper
                boundsBehavior: Flickable.StopAtBounds
                delegate: Rectangle {
                    id: slip
                    required property string modelData
                    width: ListView.view.width
                    height: printed.implicitHeight * (width / Math.max(1, printed.implicitWidth))
                    color: window.paper
                    Image {
                        id: printed
                        anchors.fill: parent
                        source: slip.modelData
                        fillMode: Image.PreserveAspectFit
                        mipmap: true
                    }
                }
            }
        }
    }
}
