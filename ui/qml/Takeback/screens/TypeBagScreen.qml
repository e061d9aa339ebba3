import QtQuick
import QtQuick.Layouts
import Takeback

// The number on the bag: ten digits, five and five, then one character that checks them.
Stage {
    id: screen

    needs: 120 + (Theme.landscape ? 1 : 2) * Theme.space + pad.implicitHeight

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        CodeCells {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            Layout.maximumHeight: Theme.lowReach ? 10000 : 240
            prefix: screen.props.prefix
            cells: screen.props.cells
            cursor: screen.props.cursor
            groups: [5, 10]
            spoken: screen.props.spoken
        }

        Keypad {
            id: pad
            Layout.fillWidth: true
            Layout.preferredHeight: rows * 116 + (rows - 1) * Theme.gap
            Layout.fillHeight: true
            Layout.maximumHeight: Theme.landscape ? 10000 : rows * 116 + (rows - 1) * Theme.gap
            Layout.minimumHeight: implicitHeight
            letters: screen.props.keys
            live: screen.props.live
            erase: screen.props.erase
            columns: Theme.landscape ? 9 : 7
            full: screen.props.cursor >= screen.props.cells.length
        }

        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !Theme.lowReach && !Theme.landscape
        }
    }
}
