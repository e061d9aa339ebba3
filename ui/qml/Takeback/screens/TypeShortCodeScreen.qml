import QtQuick
import QtQuick.Layouts
import Takeback

// Eight places, four and four, and the letters that a code may hold.
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
            cells: screen.props.cells
            cursor: screen.props.cursor
            groups: [4]
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
